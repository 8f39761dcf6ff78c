// Chapter 10: what apple has read when it may look both ways, and when it may only look back.

import { css, html } from "lit";
import { choice } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { grid, gridLooks } from "./grid.mjs";
import { looks } from "./looks.mjs";
import { HEIGHT, WIDTH, mapArrow, mapDot, mapGround, mapScales } from "./map.mjs";
import { show, showVector } from "./numbers.mjs";
import { maskState } from "./states.mjs";
import begin from "./start/encoder_decoder.json" with { type: "json" };

/** @typedef {"both ways" | "only back"} Look */
/** @typedef {{look: Look}} State */

const scales = mapScales([-0.35, 2.45], [-0.3, 2.3]);
const APPLE = 1;

/** @extends {LiveFigure<State>} */
class EncoderDecoder extends LiveFigure {
  static styles = [
    looks,
    gridLooks,
    css`
      .grids {
        display: flex;
        flex-wrap: wrap;
        gap: 0.6rem;
      }
      table.grid caption {
        padding-bottom: 0.1rem;
      }
    `,
  ];

  name() {
    return "encoder and decoder";
  }
  /** @returns {State} */
  start() {
    return { look: "both ways" };
  }
  invitation() {
    return html`let each word look only back, as a GPT does. Where do the two
      <span class="apple">apples</span> go, and who learns that the apple is a phone?`;
  }

  compute() {
    return begin.sentences.map(({ words, X }) => ({
      words,
      X,
      ...maskState(X, this.state.look === "only back"),
    }));
  }

  stage() {
    const sentences = this.compute();
    const corners = begin.vectors;
    const twins = JSON.stringify(sentences[0].output[APPLE]) === JSON.stringify(sentences[1].output[APPLE]);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Map with the new vectors of both sentences">
      ${mapGround(scales)}
      ${Object.entries(corners).map(([name, at]) =>
        mapDot(scales, {
          name,
          at,
          hue: name === "apple" ? "apple" : "ink",
          below: name === "love",
          side: name === "love" ? "left" : "right",
        }),
      )}
      ${sentences.map(({ words, output }, s) => [
        mapArrow(scales, corners.apple, output[APPLE], { hue: "apple", short: 8 }),
        mapDot(scales, {
          name: twins ? (s === 0 ? "apple′ in both" : "") : `apple′ (${words[2]})`,
          at: output[APPLE],
          hue: "apple",
          hollow: true,
          below: twins,
          side: twins ? "left" : "right",
        }),
        mapDot(scales, {
          name: `${words[2]}′`,
          at: output[2],
          hue: "soft",
          hollow: true,
          small: true,
          below: s === 0,
          side: s === 0 ? "left" : "right",
        }),
      ])}
    </svg>`;
  }

  controls() {
    return html`
      ${choice({
        legend: "Each word may look",
        chosen: this.state.look,
        options: [
          { value: "both ways", label: "both ways (encoder)" },
          { value: "only back", label: "only back (decoder)" },
        ],
        change: (look) => this.change({ look: /** @type {Look} */ (look) }),
      })}
      <div class="grids">
        ${this.compute().map(({ words, weights }) =>
          grid({
            matrix: weights.map((row, i) =>
              row.map((w, j) => (this.state.look === "only back" && j > i ? -Infinity : w)),
            ),
            rows: words,
            columns: words,
            caption: `weights beside ${words[2]}`,
            hue: "apple",
            strong: APPLE,
            most: 1,
          }),
        )}
      </div>
    `;
  }

  describe() {
    const [phones, juice] = this.compute();
    const [a, b] = [phones.output[APPLE], juice.output[APPLE]];
    if (a.every((number, i) => number === b[i])) {
      return `Only back: apple′ = ${showVector(a, 3)} in both sentences, the same to the last bit. It is phones that has read apple: phones′ = ${showVector(phones.output[2], 3)}.`;
    }
    return `Both ways: apple′ = ${showVector(a, 3)} beside phones and ${showVector(b, 3)} beside juice. One vector went in, two came out.`;
  }

  numbers() {
    return this.compute().map(({ words, weights, output }) => ({
      caption: `love apple ${words[2]}: weights of each word, and its new vector (tech, fruit, feeling).`,
      head: ["query", ...words, "new vector"],
      rows: words.map((word, i) => [
        word,
        ...weights[i].map((w) => show(w, 3)),
        showVector(output[i], 3),
      ]),
    }));
  }
}

customElements.define("live-encoder-decoder", EncoderDecoder);
