// Chapter 6: keys decide how much apple looks at each word, values decide what it gets.

import { css, html } from "lit";
import { choice } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { HEIGHT, WIDTH, mapArrow, mapDot, mapGround, mapScales } from "./map.mjs";
import { show, showVector } from "./numbers.mjs";
import { swapState } from "./states.mjs";
import begin from "./start/swap_keys.json" with { type: "json" };

/** @typedef {"product" | "feeling" | "tech" | "fruit"} Keys */
/** @typedef {"as they are" | "crossed"} Values */
/** @typedef {{keys: Keys, values: Values}} State */

const scales = mapScales([-0.35, 1.75], [-0.3, 1.55]);
const APPLE = begin.words.indexOf("apple");
const KEYS = /** @type {Keys[]} */ (["product", "feeling", "tech", "fruit"]);
const VALUES = /** @type {Values[]} */ (["as they are", "crossed"]);

/** @param {State} state */
function compute({ keys, values }) {
  return swapState(begin.X, begin.W_Q, begin.W_K[keys], begin.W_V[values], APPLE, false);
}

/** @extends {LiveFigure<State>} */
class SwapKeys extends LiveFigure {
  static styles = [
    looks,
    css`
      table.flow {
        width: 100%;
        font-size: 0.9rem;
        margin: 0;
      }
      .flow td,
      .flow th {
        padding: 0.3rem 0.15rem;
        text-align: left;
      }
      .flow td:nth-child(4) {
        width: 34%;
      }
      .flow .k {
        color: var(--live-k-text);
      }
      .flow .v {
        color: var(--live-v-text);
      }
      .bar {
        display: inline-block;
        height: 0.8rem;
        background: var(--live-q);
        border-radius: 2px;
        vertical-align: -1px;
        margin-right: 0.3rem;
      }
      .verdict th {
        border: 0;
      }
      .verdict td {
        color: var(--live-soft);
        border-bottom: 0;
        font-size: 0.75rem;
      }
      .verdict .changed {
        color: var(--live-ink);
        font-weight: 600;
      }
    `,
  ];

  name() {
    return "swapping the key matrix";
  }
  /** @returns {State} */
  start() {
    return { keys: "product", values: "as they are" };
  }
  invitation() {
    return html`let the keys read <i>feeling</i>. What changes: how much
      <span class="apple">apple</span> looks at each word, what each word hands over, or both?`;
  }

  stage() {
    const { weights, V, output } = compute(this.state);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Map of the three values and apple′">
      ${mapGround(scales)}
      ${V.map((value, i) =>
        mapArrow(scales, output, value, {
          hue: "grey",
          width: 0.6 + 7 * weights[i],
          opacity: 0.5,
          short: 7,
        }),
      )}
      ${begin.words.map((name, i) =>
        mapDot(scales, {
          name,
          at: V[i],
          hue: "v",
          below: name === "love",
          side: name === "love" ? "left" : "right",
        }),
      )}
      ${mapDot(scales, { name: "apple′", at: output, hue: "apple", hollow: true, side: "left" })}
    </svg>`;
  }

  controls() {
    const { K, V, scores, weights } = compute(this.state);
    const first = compute(this.start());
    const verdict = (/** @type {unknown} */ now, /** @type {unknown} */ before) =>
      JSON.stringify(now) === JSON.stringify(before)
        ? html`<td>same</td>`
        : html`<td class="changed">changed</td>`;
    return html`
      ${choice({
        legend: "The keys read (W_K)",
        chosen: this.state.keys,
        options: KEYS.map((value) => ({ value, label: value })),
        change: (keys) => this.change({ keys: /** @type {Keys} */ (keys) }),
      })}
      ${choice({
        legend: "The values hand over tech and fruit (W_V)",
        chosen: this.state.values,
        options: VALUES.map((value) => ({ value, label: value })),
        change: (values) => this.change({ values: /** @type {Values} */ (values) }),
      })}
      <table class="flow">
        <thead>
          <tr>
            <th scope="col"><span class="unseen">word</span></th>
            <th scope="col" class="k">key</th>
            <th scope="col">score</th>
            <th scope="col">weight</th>
            <th scope="col" class="v">value</th>
          </tr>
        </thead>
        <tbody>
          ${begin.words.map(
            (word, i) => html`<tr>
              <th scope="row" class=${i === APPLE ? "apple" : ""}>${word}</th>
              <td class="k">${showVector(K[i], 0)}</td>
              <td>${show(scores[i], 0)}</td>
              <td>
                <span class="bar glide" style="width: ${55 * weights[i]}%"></span>${show(weights[i])}
              </td>
              <td class="v">${showVector(V[i], 0)}</td>
            </tr>`,
          )}
          <tr class="verdict">
            <th scope="row"><span class="unseen">against the start</span></th>
            ${verdict(K, first.K)} ${verdict(scores, first.scores)}
            ${verdict(weights, first.weights)} ${verdict(V, first.V)}
          </tr>
        </tbody>
      </table>
    `;
  }

  describe() {
    const { weights, V, output } = compute(this.state);
    const first = compute(this.start());
    const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) =>
      JSON.stringify(a) === JSON.stringify(b);
    const [looksAlike, handsAlike] = [same(weights, first.weights), same(V, first.V)];
    const verdict =
      looksAlike && handsAlike
        ? "This is the start."
        : handsAlike
          ? "The weights changed; no value did."
          : looksAlike
            ? "The values changed; no weight did."
            : "Both changed, because both matrices did.";
    const parts = begin.words.map((word, i) => `${word} ${show(weights[i], 3)}`).join(", ");
    return `Weights of apple: ${parts}. apple′ = (tech ${show(output[0], 3)}, fruit ${show(output[1], 3)}). ${verdict}`;
  }

  numbers() {
    const { Q, K, V, scores, weights, output } = compute(this.state);
    return [
      {
        caption: `The query of apple is ${showVector(Q[APPLE])}; score = query · key.`,
        head: ["word", "key", "score", "weight", "value"],
        rows: [
          ...begin.words.map((word, i) => [
            word,
            showVector(K[i]),
            show(scores[i]),
            show(weights[i], 4),
            showVector(V[i]),
          ]),
          ["apple′", "", "", "", showVector(output, 4)],
        ],
      },
    ];
  }
}

customElements.define("live-swap-keys", SwapKeys);
