// Chapter 3: two arrows; what turning changes, what stretching changes.

import { html, svg } from "lit";
import { choice, slider } from "./controls.mjs";
import { draggable } from "./drag.mjs";
import { LiveFigure } from "./figure.mjs";
import { HEIGHT, WIDTH, mapArrow, mapGround, mapScales } from "./map.mjs";
import { length } from "./mechanism.mjs";
import { show, showVector } from "./numbers.mjs";
import { arrowsState } from "./states.mjs";
import begin from "./start/arrows.json" with { type: "json" };

/** @typedef {"phones" | "juice" | "love"} Word */
/** @typedef {{word: Word, apple: number[], other: number[]}} State */

const scales = mapScales([-3.2, 5.2], [-3.2, 4.4]);
const LONGEST = 5;

/** @param {number[]} a in degrees, from 0 to 359 */
const angle = ([x, y]) => (Math.round((Math.atan2(y, x) * 180) / Math.PI) + 360) % 360;

/** @param {number} size @param {number} degrees */
function polar(size, degrees) {
  const turn = (degrees * Math.PI) / 180;
  // a right angle is exactly that, although π is not exact
  return [Math.cos(turn), Math.sin(turn)].map((x) => size * (Math.abs(x) < 1e-12 ? 0 : x));
}

/** The name and the handle of an arrow's tip. @param {string} which @param {string} name @param {number[]} at */
function arrowTip(which, name, at) {
  const [x, y] = [scales.x(at[0]), scales.y(at[1])];
  const left = (at[0] < 0 && x > 90) || x > WIDTH - 60; // where there is room for the name
  return svg`<g transform="translate(${x} ${y})">
    <text class=${which === "apple" ? "apple" : ""} x=${left ? -8 : 8} y=${at[1] < 0 ? 18 : -9}
      text-anchor=${left ? "end" : "start"} font-weight="600">${name}</text>
    <circle data-drag=${which} r="20" fill="transparent" />
  </g>`;
}

/** @extends {LiveFigure<State>} */
class Arrows extends LiveFigure {
  name() {
    return "two arrows";
  }
  /** @returns {State} */
  start() {
    return { word: "phones", apple: begin.apple, other: begin.words.phones };
  }
  invitation() {
    return html`stretch <i>${this.state.word}</i>, then turn it. Which of the dot product and the
      cosine notices which?`;
  }

  firstUpdated() {
    for (const handle of this.renderRoot.querySelectorAll("[data-drag]")) {
      const which = /** @type {"apple" | "other"} */ (handle.getAttribute("data-drag"));
      draggable(handle, (x, y) => {
        const tip = [scales.x.invert(x), scales.y.invert(y)].map((n) => Math.round(n * 4) / 4);
        const size = length(tip);
        if (size > 0.2 && size <= LONGEST) this.change({ [which]: tip });
      });
    }
  }

  stage() {
    const { apple, other, word } = this.state;
    const { shadow } = arrowsState(apple, other);
    const size = length(apple);
    const foot = apple.map((x) => (x / size) * shadow);
    const at = (/** @type {number[]} */ v) => [scales.x(v[0]), scales.y(v[1])];
    const [[fx, fy], [ox, oy], [zx, zy]] = [at(foot), at(other), at([0, 0])];
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="The two arrows in the plane">
      ${mapGround(scales)}
      <line x1=${ox} y1=${oy} x2=${fx} y2=${fy} stroke="var(--live-grey)" stroke-dasharray="4 3" />
      <line
        x1=${zx}
        y1=${zy}
        x2=${fx}
        y2=${fy}
        stroke="var(--live-grey)"
        stroke-width="10"
        stroke-opacity="0.4"
        stroke-linecap="round"
      />
      ${mapArrow(scales, [0, 0], apple, { hue: "apple", width: 3 })}
      ${mapArrow(scales, [0, 0], other, { hue: "ink", width: 3 })}
      ${arrowTip("apple", "apple", apple)} ${arrowTip("other", word, other)}
      <text class="soft" x=${fx} y=${fy} dx=${shadow < 0 ? -8 : 6} dy="18"
        text-anchor=${shadow < 0 ? "end" : "start"} font-size="11">shadow ${show(shadow)}</text>
    </svg>`;
  }

  controls() {
    const { apple, other, word } = this.state;
    const pairs = /** @type {const} */ ([
      ["apple", "apple", apple, "apple"],
      ["other", word, other, "ink"],
    ]);
    return html`
      ${choice({
        legend: "Compare apple with",
        chosen: word,
        options: ["phones", "juice", "love"].map((value) => ({ value, label: value })),
        change: (value) => {
          const next = /** @type {Word} */ (value);
          this.change({ word: next, other: begin.words[next] });
        },
      })}
      ${pairs.map(
        ([which, name, arrow, hue]) => html`<fieldset>
          <legend>The arrow of ${name}</legend>
          ${slider({
            label: "length",
            name: `length of ${name}`,
            value: length(arrow),
            min: 0.5,
            max: LONGEST,
            step: 0.5,
            text: show(length(arrow)),
            hue,
            change: (size) => this.change({ [which]: arrow.map((x) => (x / length(arrow)) * size) }),
          })}
          ${slider({
            label: "turn",
            name: `direction of ${name}`,
            value: angle(arrow),
            min: 0,
            max: 355,
            step: 5,
            text: `${angle(arrow)}°`,
            hue,
            change: (degrees) => this.change({ [which]: polar(length(arrow), degrees) }),
          })}
        </fieldset>`,
      )}
    `;
  }

  describe() {
    const { apple, other, word } = this.state;
    const { dot, cosine, lengths, shadow } = arrowsState(apple, other);
    const lean =
      Math.abs(cosine) < 1e-9
        ? "A right angle: nothing in common."
        : cosine > 0
          ? ""
          : "More than a right angle apart, so both are negative.";
    return `apple · ${word} = ${show(dot)}: the length of apple, ${show(lengths[0])}, times the shadow of ${word} on it, ${show(shadow)}. Cosine ${show(cosine, 3)}. ${lean}`;
  }

  numbers() {
    const { apple, other, word } = this.state;
    const { dot, cosine, lengths } = arrowsState(apple, other);
    return [
      {
        caption: "Dot product = length × length × cosine.",
        head: ["", "apple", word],
        rows: [
          ["vector", showVector(apple), showVector(other)],
          ["length", show(lengths[0], 3), show(lengths[1], 3)],
          ["cosine", show(cosine, 3), ""],
          ["dot product", show(dot, 3), ""],
        ],
      },
    ];
  }
}

customElements.define("live-arrows", Arrows);
