// Chapter 8: longer vectors spread the scores until softmax picks one winner; √d takes that back.

import { css, html, svg } from "lit";
import { slider } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { show } from "./numbers.mjs";
import { scalingState } from "./states.mjs";
import begin from "./start/scaling.json" with { type: "json" };

/** @typedef {{notch: number}} State */

const W = 310;
const H = 188;
const MIDDLE = 72; // the histogram's floor; the weights stand below
const x = (/** @type {number} */ score) => W / 2 + (score / begin.reach) * (W / 2 - 4);

/** @extends {LiveFigure<State>} */
class Scaling extends LiveFigure {
  static styles = [
    looks,
    css`
      .two {
        display: grid;
        gap: 0.6rem 1.6rem;
      }
      .title {
        font-weight: 600;
        margin-bottom: 0.2rem;
      }
      @container (min-width: 530px) {
        .two {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];
  layout = "above";

  name() {
    return "dividing by the root of d";
  }
  /** @returns {State} */
  start() {
    return { notch: begin.sizes.indexOf(begin.d) };
  }
  invitation() {
    return html`make the vectors longer, from 1 number to 1024. On which side does one key take
      everything?`;
  }
  size() {
    return begin.sizes[this.state.notch];
  }
  compute() {
    return scalingState(begin.scores[this.state.notch], this.size());
  }

  stage() {
    const { weights, scaledWeights } = this.compute();
    const { notch } = this.state;
    return html`<div class="two">
      ${panel("Plain scores", begin.counts[notch], weights, "k")}
      ${panel("Divided by √d", begin.scaled_counts[notch], scaledWeights, "q")}
    </div>`;
  }

  controls() {
    return slider({
      label: html`<i>d</i>`,
      name: "numbers in a vector, d",
      value: this.state.notch,
      min: 0,
      max: begin.sizes.length - 1,
      step: 1,
      text: String(this.size()),
      change: (notch) => this.change({ notch }),
    });
  }

  describe() {
    const { notch } = this.state;
    const { weights, scaledWeights, scores } = this.compute();
    const root = Math.sqrt(this.size());
    return `d = ${this.size()}: the scores spread by ${show(begin.spreads[notch], 1)}; √d is ${show(root, 1)}. Largest of 16 weights: ${show(Math.max(...weights))} plain, ${show(Math.max(...scaledWeights))} divided (mean over 1000 queries: ${show(begin.mean_largest[notch])} and ${show(begin.mean_largest_scaled[notch])}). Largest score ${show(Math.max(...scores), 1)}: exp overflows only past 709.`;
  }

  numbers() {
    const { scores, scaled, weights, scaledWeights } = this.compute();
    return [
      {
        caption: `One query and its 16 keys, with the first ${this.size()} of their numbers.`,
        head: ["key", "score", "weight", "score ÷ √d", "weight"],
        rows: scores.map((score, i) => [
          String(i + 1),
          show(score),
          show(weights[i], 4),
          show(scaled[i]),
          show(scaledWeights[i], 4),
        ]),
      },
    ];
  }
}

/**
 * The spread of many scores, and below it the 16 weights of one query.
 * @param {string} title @param {number[]} counts @param {number[]} weights @param {string} hue
 */
function panel(title, counts, weights, hue) {
  const tallest = Math.max(...counts);
  const step = (W - 8) / counts.length;
  const winner = weights.indexOf(Math.max(...weights));
  const floor = H - 16;
  return html`<div>
    <p class="title">${title}</p>
    <svg viewBox="0 0 ${W} ${H}" role="img" aria-label=${`${title}: spread of the scores and 16 weights`}>
      ${counts.map((count, i) => {
        const high = (count / tallest) * (MIDDLE - 12);
        return svg`<rect class="glide" x=${4 + i * step} width=${Math.max(step - 0.6, 0.5)}
          y=${MIDDLE - high} height=${high} fill="var(--live-grey)" fill-opacity="0.65" />`;
      })}
      <line x1="4" x2=${W - 4} y1=${MIDDLE} y2=${MIDDLE} stroke="var(--live-grey)" />
      ${[-60, -30, 0, 30, 60].map(
        (score) => svg`<text class="soft" x=${x(score)} y=${MIDDLE + 14} text-anchor="middle"
          font-size="11">${String(score).replace("-", "−")}</text>`,
      )}
      <line x1="4" x2=${W - 4} y1=${floor} y2=${floor} stroke="var(--live-grey)" />
      ${weights.map((weight, i) => {
        const high = weight * 60;
        const wide = (W - 8) / weights.length;
        return svg`<rect class="glide" x=${5 + i * wide} width=${wide - 2} y=${floor - high}
          height=${high} rx="1" fill=${`var(--live-${hue})`} fill-opacity=${i === winner ? 1 : 0.55} />`;
      })}
      <text x="4" y=${MIDDLE + 34} font-weight="600">largest weight ${show(weights[winner])}</text>
      <text class="soft" x=${W / 2} y=${H - 2} text-anchor="middle" font-size="11">
        the 16 keys of one query</text>
    </svg>
  </div>`;
}

customElements.define("live-scaling", Scaling);
