// Chapter 2: three shares of one budget pull apple about inside a triangle.

import { css, html } from "lit";
import { slider, choice } from "./controls.mjs";
import { draggable } from "./drag.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { HEIGHT, WIDTH, mapArrow, mapDot, mapGround, mapScales } from "./map.mjs";
import { mix } from "./mechanism.mjs";
import { show } from "./numbers.mjs";
import { rebudget, sharesAt } from "./states.mjs";
import begin from "./start/mixing.json" with { type: "json" };

/** @typedef {{beside: "phones" | "juice", weights: number[]}} State */

const scales = mapScales([-0.35, 2.45], [-0.3, 2.3]);
const HUES = ["ink", "apple", "ink"];

/** @extends {LiveFigure<State>} */
class Mixing extends LiveFigure {
  static styles = [
    looks,
    css`
      .budget {
        display: flex;
        height: 1.5rem;
        border: 1px solid var(--live-grey);
        border-radius: 4px;
        overflow: hidden;
      }
      .budget span {
        overflow: hidden;
        white-space: nowrap;
        font-size: 0.82rem;
        line-height: 1.4rem;
        text-indent: 0.35rem;
        min-width: 0;
      }
      .budget span + span {
        border-left: 1px solid var(--live-grey);
      }
      .budget .own {
        background: var(--live-apple);
        color: var(--live-paper);
      }
    `,
  ];

  name() {
    return "mixing three words";
  }
  /** @returns {State} */
  start() {
    return { beside: "phones", weights: begin.weights };
  }
  invitation() {
    return html`give <i>${this.state.beside}</i> the whole budget. Can any shares take
      <span class="apple">apple′</span> out of the triangle?`;
  }

  words() {
    return ["love", "apple", this.state.beside];
  }
  vectors() {
    return this.words().map((word) => begin.vectors[/** @type {"love"} */ (word)]);
  }
  apple() {
    return mix(this.state.weights, this.vectors());
  }

  firstUpdated() {
    const handle = /** @type {Element} */ (this.renderRoot.querySelector("[data-drag]"));
    draggable(handle, (x, y) => {
      const point = [scales.x.invert(x), scales.y.invert(y)];
      this.change({ weights: sharesAt(point, this.vectors()) });
    });
  }

  stage() {
    const apple = this.apple();
    const corners = this.vectors();
    const place = (/** @type {number[]} */ v) => `${scales.x(v[0])},${scales.y(v[1])}`;
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Map of the three words">
      ${mapGround(scales)}
      <polygon
        points=${corners.map(place).join(" ")}
        fill="var(--live-apple)"
        fill-opacity="0.1"
        stroke="var(--live-apple)"
        stroke-opacity="0.35"
      />
      ${corners.map((corner, i) =>
        mapArrow(scales, apple, corner, {
          hue: HUES[i] === "ink" ? "grey" : HUES[i],
          width: 0.6 + 7 * this.state.weights[i],
          opacity: this.state.weights[i] < 0.005 ? 0 : 0.55,
          short: 7,
        }),
      )}
      ${this.words().map((name, i) =>
        mapDot(scales, {
          name,
          at: corners[i],
          hue: HUES[i],
          below: name === "love",
          side: name === "love" ? "left" : "right",
        }),
      )}
      <g transform="translate(${scales.x(apple[0])} ${scales.y(apple[1])})">
        <circle r="7" fill="var(--live-paper)" stroke="var(--live-apple)" stroke-width="3" />
        <text class="apple" x="11" y="18" font-weight="600">apple′</text>
        <circle data-drag r="20" fill="transparent" />
      </g>
    </svg>`;
  }

  controls() {
    const { weights, beside } = this.state;
    const words = this.words();
    return html`
      ${choice({
        legend: "The sentence",
        chosen: beside,
        options: ["phones", "juice"].map((word) => ({ value: word, label: `love apple ${word}` })),
        change: (word) => this.change({ beside: /** @type {State["beside"]} */ (word) }),
      })}
      <div>
        ${words.map((word, i) =>
          slider({
            label: word,
            name: `share of ${word}`,
            value: weights[i],
            min: 0,
            max: 1,
            step: 0.01,
            text: show(weights[i]),
            hue: HUES[i],
            change: (share) => this.change({ weights: rebudget(weights, i, share) }),
          }),
        )}
      </div>
      <div class="budget" aria-hidden="true">
        ${words.map(
          (word, i) => html`<span class=${i === 1 ? "own" : ""} style="flex: ${weights[i]} 0 0"
            >${weights[i] > 0.22 ? word : ""}</span
          >`,
        )}
      </div>
    `;
  }

  describe() {
    const [tech, fruit, feeling] = this.apple();
    const sum = this.words()
      .map((word, i) => `${show(this.state.weights[i])} ${word}`)
      .join(" + ");
    const lean =
      Math.abs(tech - fruit) < 0.005
        ? "It leans neither way."
        : `It leans to ${tech > fruit ? "tech" : "fruit"}.`;
    return `apple′ = ${sum} = (tech ${show(tech)}, fruit ${show(fruit)}, feeling ${show(feeling)}). ${lean}`;
  }

  numbers() {
    const { weights } = this.state;
    return [
      {
        caption: "apple′ is the sum of the rows, each times its share.",
        head: ["word", "share", "tech", "fruit", "feeling"],
        rows: [
          ...this.words().map((word, i) => [
            word,
            show(weights[i], 3),
            ...this.vectors()[i].map((x) => show(x)),
          ]),
          ["apple′", show(weights.reduce((a, b) => a + b, 0), 3), ...this.apple().map((x) => show(x, 3))],
        ],
      },
    ];
  }
}

customElements.define("live-mixing", Mixing);
