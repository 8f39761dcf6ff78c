// Chapter 9: the heads laid side by side, and the reshape that mixes the words up.

import { css, html, svg } from "lit";
import { choice, slider } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { mergeState } from "./states.mjs";
import begin from "./start/merge.json" with { type: "json" };

/** @typedef {"apart" | "right" | "wrong"} Way */
/** @typedef {{way: Way, heads: number}} State */

const CELL = 30;
const GAP = 22; // between heads
const LEFT = 62; // room for the words
const TOP = 34;
const WIDTH = LEFT + 4 * CELL + 3 * GAP + 8;
const { words, width } = begin;
const HUES = ["grey", "apple", "q"]; // one colour per word

/** What a numbered cell is: its head, its word, its place in the head. @param {number} id @param {number} heads */
function origin(id, heads) {
  const size = width / heads;
  const perHead = words.length * size;
  const head = Math.floor(id / perHead);
  return { head, word: Math.floor((id % perHead) / size), place: id % size };
}

/** @extends {LiveFigure<State>} */
class Merge extends LiveFigure {
  static styles = [
    looks,
    css`
      .cell text {
        stroke: none;
        font-size: 12px;
        text-anchor: middle;
      }
      .legend {
        color: var(--live-soft);
        font-size: 0.88rem;
      }
      @media (prefers-reduced-motion: no-preference) {
        .cell {
          transition: transform 0.7s cubic-bezier(0.4, 0, 0.2, 1);
        }
      }
    `,
  ];

  name() {
    return "merging the heads";
  }
  /** @returns {State} */
  start() {
    return { way: "apart", heads: begin.heads };
  }
  invitation() {
    return html`merge the heads both ways and read the row of <span class="apple">apple</span>. For
      which number of heads is the wrong way right?`;
  }

  /** Every cell's column and row in the picture, by its number. */
  places() {
    const { way, heads } = this.state;
    const merged = mergeState(heads, words.length, width / heads);
    const size = width / heads;
    /** @type {{x: number, y: number}[]} */
    const places = [];
    const wide = width * CELL + (heads - 1) * GAP;
    const start = LEFT + (WIDTH - LEFT - 8 - (way === "apart" ? wide : width * CELL)) / 2;
    if (way === "apart") {
      merged.heads.forEach((head, h) =>
        head.forEach((row, i) =>
          row.forEach((id, j) => {
            places[id] = { x: start + h * (size * CELL + GAP) + j * CELL, y: TOP + i * (CELL + 8) };
          }),
        ),
      );
    } else {
      merged[way].forEach((row, i) =>
        row.forEach((id, j) => {
          places[id] = { x: start + j * CELL, y: TOP + i * (CELL + 8) };
        }),
      );
    }
    return { places, merged, start };
  }

  stage() {
    const { way, heads } = this.state;
    const { places, start } = this.places();
    const size = width / heads;
    const high = TOP + words.length * (CELL + 8) + 6;
    const titles =
      way === "apart"
        ? Array.from({ length: heads }, (_, h) => ({
            text: `head ${h + 1}`,
            x: start + h * (size * CELL + GAP) + (size * CELL) / 2,
          }))
        : [{ text: way === "right" ? "one row per word" : "the words are mixed up", x: start + (width * CELL) / 2 }];
    return html`<svg viewBox="0 0 ${WIDTH} ${high}" role="img" aria-label="The cells of all heads, coloured by word">
      ${titles.map(
        ({ text, x }) => svg`<text class="soft" x=${x} y="18" text-anchor="middle">${text}</text>`,
      )}
      ${words.map(
        (word, i) => svg`<text class=${word === "apple" ? "apple" : ""} x=${start - 10}
          y=${TOP + i * (CELL + 8) + CELL / 2 + 5} text-anchor="end">${word}</text>`,
      )}
      ${places.map(({ x, y }, id) => {
        const from = origin(id, heads);
        const hue = `var(--live-${HUES[from.word]})`;
        return svg`<g class="cell" style=${`transform: translate(${x}px, ${y}px)`}>
          <rect x="1.5" y="1.5" width=${CELL - 3} height=${CELL - 3} rx="4" fill=${hue}
            fill-opacity="0.28" stroke=${hue} stroke-width="1.6" />
          <text x=${CELL / 2} y=${CELL / 2 + 4}>${words[from.word][0]}${from.head + 1}</text>
        </g>`;
      })}
    </svg>`;
  }

  controls() {
    return html`
      ${choice({
        legend: "The heads",
        chosen: this.state.way,
        options: [
          { value: "apart", label: "apart" },
          { value: "right", label: "transpose, reshape" },
          { value: "wrong", label: "reshape alone" },
        ],
        change: (way) => this.change({ way: /** @type {Way} */ (way) }),
      })}
      ${slider({
        label: "heads",
        name: "number of heads",
        value: begin.choices.indexOf(this.state.heads),
        min: 0,
        max: begin.choices.length - 1,
        step: 1,
        text: String(this.state.heads),
        change: (notch) => this.change({ heads: begin.choices[notch] }),
      })}
      <p class="legend">A letter and a number: the word, and its head. In the computer’s memory the
        heads lie one after another.</p>
    `;
  }

  /** The row of apple after a merge, as (word, head) names. @param {"right" | "wrong"} way */
  row(way) {
    const { merged } = this.places();
    return merged[way][words.indexOf("apple")].map((id) => {
      const from = origin(id, this.state.heads);
      return `${words[from.word]} ${from.head + 1}`;
    });
  }

  describe() {
    const { way, heads } = this.state;
    if (way === "apart")
      return `${heads} ${heads === 1 ? "head" : "heads"}, apart: each has a row for each word, ${width / heads} wide.`;
    const row = this.row(way);
    const own = row.filter((name) => name.startsWith("apple")).length;
    const verdict =
      own === row.length
        ? "All of it is apple's own."
        : `Only ${own} of its ${row.length} numbers ${own === 1 ? "is" : "are"} apple's own.`;
    const move = way === "right" ? "Transpose, then reshape" : "Reshape alone";
    return `${move}, ${heads} ${heads === 1 ? "head" : "heads"}: the row of apple holds ${row.join(", ")}. ${verdict}`;
  }

  numbers() {
    const { merged } = this.places();
    const { heads } = this.state;
    const name = (/** @type {number} */ id) => {
      const from = origin(id, heads);
      return `${words[from.word]} ${from.head + 1}`;
    };
    const table = (/** @type {"right" | "wrong"} */ way, /** @type {string} */ caption) => ({
      caption,
      head: ["row", ...Array.from({ length: width }, (_, j) => String(j))],
      rows: words.map((word, i) => [word, ...merged[way][i].map(name)]),
    });
    return [
      table("right", "Transposed, then reshaped: word and head of each number."),
      table("wrong", "Reshaped alone."),
    ];
  }
}

customElements.define("live-merge", Merge);
