// Chapter 4: one number makes the choice sharp or soft, and deletes nobody.

import { css, html } from "lit";
import { choice, slider, toggle } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { show } from "./numbers.mjs";
import { temperatureState } from "./states.mjs";
import begin from "./start/temperature.json" with { type: "json" };

/** @typedef {"story" | "arrows" | "making"} Row */
/** @typedef {{row: Row, notch: number, plain: boolean}} State */

const NOTCHES = begin.temperatures; // the slider's stops, from cold to hot
const ROWS = [
  { value: "story", label: "1, 3, 6" },
  { value: "arrows", label: "−2, 8, 8" },
  { value: "making", label: "“making”" },
];

/** Small shares keep their size in words: 1.4 × 10⁻¹¹. @param {number} x */
function showShare(x) {
  if (x >= 0.0005) return show(x, 3);
  const power = Math.floor(Math.log10(x));
  const raised = [...String(-power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${show(x / 10 ** power, 1)} × 10⁻${raised}`;
}

/** @extends {LiveFigure<State>} */
class Temperature extends LiveFigure {
  static styles = [
    looks,
    css`
      .bars {
        display: grid;
        grid-template-columns: auto auto 1fr 5.4em;
        gap: 0.45rem 0.7rem;
        align-items: center;
        min-height: 9.2rem;
        align-content: center;
      }
      .bars.many {
        gap: 0.1rem 0.7rem;
        font-size: 0.85rem;
        line-height: 1.15;
      }
      .bars.many .track {
        height: 0.95rem;
      }
      .stage {
        min-height: 12.4rem;
        display: grid;
        align-items: center;
      }
      .score,
      .share {
        text-align: right;
      }
      .score {
        color: var(--live-soft);
      }
      .track {
        position: relative;
        height: 2.1rem;
        background: var(--live-tint);
        border-radius: 3px;
      }
      .bar {
        height: 100%;
        border-radius: 3px;
        background: var(--live-q);
        min-width: 1.5px;
      }
      .own .bar {
        background: var(--live-apple);
      }
      .plain {
        position: absolute;
        top: -3px;
        bottom: -3px;
        border-right: 3px dotted var(--live-ink);
      }
    `,
  ];

  name() {
    return "softmax with a temperature";
  }
  /** @returns {State} */
  start() {
    return { row: "story", notch: NOTCHES.indexOf(begin.temperature), plain: false };
  }
  invitation() {
    return html`warm the softmax until <i>phones</i> keeps only half of the budget, then cool it as
      far as it goes. Does anybody get nothing?`;
  }

  row() {
    return begin.rows[this.state.row];
  }
  shares() {
    return temperatureState(this.row().scores, NOTCHES[this.state.notch]);
  }

  stage() {
    const { words, scores } = this.row();
    const { weights, plain } = this.shares();
    return html`<div class="bars ${words.length > 4 ? "many" : ""}" aria-hidden="true">
      ${words.map(
        (word, i) => html`<span class=${word === "apple" ? "apple" : ""}>${word}</span>
          <span class="score">${show(scores[i], Number.isInteger(scores[i]) ? 0 : 1)}</span>
          <div class="track ${word === "apple" ? "own" : ""}">
            <div class="bar glide" style="width: ${100 * weights[i]}%"></div>
            ${this.state.plain && plain[i] > 0
              ? html`<div class="plain" style="width: ${100 * Math.min(1, plain[i])}%"></div>`
              : ""}
          </div>
          <span class="share">${showShare(weights[i])}</span>`,
      )}
    </div>`;
  }

  controls() {
    const temperature = NOTCHES[this.state.notch];
    return html`
      ${choice({
        legend: "The scores",
        chosen: this.state.row,
        options: ROWS,
        change: (row) => this.change({ row: /** @type {Row} */ (row) }),
      })}
      ${slider({
        label: html`<i>T</i>`,
        name: "temperature",
        value: this.state.notch,
        min: 0,
        max: NOTCHES.length - 1,
        step: 1,
        text: String(temperature),
        hue: "q",
        change: (notch) => this.change({ notch }),
      })}
      ${toggle({
        label: "Mark score ÷ sum of scores",
        on: this.state.plain,
        change: (plain) => this.change({ plain }),
      })}
    `;
  }

  describe() {
    const { words } = this.row();
    const { weights, plain } = this.shares();
    const order = weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]);
    const [most, least] = [order[0], order[order.length - 1]];
    const tied = weights[order[1]] > weights[most] - 1e-12;
    const name = (/** @type {number} */ i) => `“${words[i]}”`;
    const winner = tied ? `${name(most)} and ${name(order[1])} get` : `${name(most)} gets`;
    const dots = this.state.plain
      ? plain.some((share) => share < 0)
        ? " Dividing by the sum gives a negative share, which cannot be drawn."
        : ` Dividing by the sum would give ${name(most)} ${show(plain[most])} at every temperature.`
      : "";
    return `T = ${NOTCHES[this.state.notch]}: ${winner} ${showShare(weights[most])}${tied ? " each" : ""}, ${name(least)} ${showShare(weights[least])}. The shares sum to 1.${dots}`;
  }

  numbers() {
    const { words, scores } = this.row();
    const { weights, plain } = this.shares();
    return [
      {
        caption: `Shares at T = ${NOTCHES[this.state.notch]}.`,
        head: ["word", "score", "score ÷ T", "share", "score ÷ sum"],
        rows: words.map((word, i) => [
          word,
          show(scores[i], 1),
          show(scores[i] / NOTCHES[this.state.notch], 3),
          weights[i] >= 0.0005 ? show(weights[i], 4) : showShare(weights[i]),
          show(plain[i], 3),
        ]),
      },
    ];
  }
}

customElements.define("live-temperature", Temperature);
