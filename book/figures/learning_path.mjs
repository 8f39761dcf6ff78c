// Chapter 13: apple′ in two twin sentences while W_Q and W_K learn.

import { css, html, svg } from "lit";
import { choice, slider } from "./controls.mjs";
import { LiveFigure } from "./figure.mjs";
import { looks } from "./looks.mjs";
import { HEIGHT, WIDTH, mapDot, mapGround, mapScales } from "./map.mjs";
import { show, showVector } from "./numbers.mjs";
import { learningState } from "./states.mjs";
import begin from "./start/learning_path.json" with { type: "json" };

/** @typedef {{k: number, run: number, playing: boolean}} State */

const scales = mapScales([-0.35, 2.45], [-0.3, 2.3]);
const LAST = begin.steps.length - 1;
const FRAME = 130; // ms between two kept steps
const CUES = begin.sentences.map((words) => words[words.indexOf("apple") + 1]);
const HUES = ["q", "v"];

/** @extends {LiveFigure<State>} */
class LearningPath extends LiveFigure {
  static styles = [
    looks,
    css`
      .row {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
      .heat {
        display: grid;
        gap: 0.15rem 2px;
        grid-template-columns: repeat(7, auto);
        font-size: 0.72rem;
        text-align: center;
      }
      .heat span {
        border-radius: 3px;
        padding: 0.25rem 0.1rem;
        min-width: 0;
        overflow: hidden;
        background: color-mix(in srgb, var(--hue) var(--depth), var(--live-tint));
      }
    `,
  ];

  name() {
    return "the path of apple′ during training";
  }
  /** @returns {State} */
  start() {
    return { k: 0, run: 0, playing: false };
  }
  invitation() {
    return html`train. Both <span class="apple">apples</span> start as the mean of the same seven
      words. After how many steps have they parted?`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.next);
  }
  /** @type {number | undefined} */
  next;

  play() {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.change({ k: LAST, playing: false });
      return;
    }
    this.change({ k: this.state.k === LAST ? 0 : this.state.k, playing: true });
    this.next = window.setTimeout(() => this.advance(), FRAME);
  }
  advance() {
    if (!this.state.playing) return;
    const k = Math.min(LAST, this.state.k + 1);
    this.change({ k, playing: k < LAST });
    if (k < LAST) this.next = window.setTimeout(() => this.advance(), FRAME);
  }
  reset() {
    clearTimeout(this.next);
    super.reset();
  }

  /** @param {number} k @param {number} twin */
  at(k, twin) {
    return learningState(begin.runs[this.state.run].weights[k][twin], begin.X[twin]);
  }

  stage() {
    const { k } = this.state;
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Map with the paths of apple′ in both twins">
      ${mapGround(scales)}
      ${[
        { name: "apple", at: [1, 1], hue: "apple" },
        { name: "orange", at: [0, 1] },
        { name: "phones", at: begin.X[0][2] },
        { name: "juice", at: begin.X[1][2] },
      ].map((dot) => mapDot(scales, dot))}
      ${[0, 1].map((twin) => {
        const path = Array.from({ length: k + 1 }, (_, i) => this.at(i, twin).apple);
        const hue = `var(--live-${HUES[twin]})`;
        const place = (/** @type {number[]} */ p) => `${scales.x(p[0])},${scales.y(p[1])}`;
        const [x, y] = [scales.x(path[k][0]), scales.y(path[k][1])];
        return svg`
          <polyline points=${path.map(place).join(" ")} fill="none" stroke=${hue} stroke-width="2"
            stroke-dasharray=${twin === 0 ? "none" : "5 3"} />
          ${path.map((p) => svg`<circle cx=${scales.x(p[0])} cy=${scales.y(p[1])} r="2" fill=${hue} />`)}
          <circle cx=${x} cy=${y} r="7" fill="var(--live-paper)" stroke=${hue} stroke-width="3" />
          <text x=${x + (path[k][0] > 1.2 ? -11 : 12)} y=${y + (twin === 0 ? 20 : 5)}
            text-anchor=${path[k][0] > 1.2 ? "end" : "start"} font-weight="600"
            style=${`fill: var(--live-${HUES[twin]}-text)`}>apple′ (${CUES[twin]})</text>`;
      })}
    </svg>`;
  }

  controls() {
    const { k, run, playing } = this.state;
    return html`
      <div class="row">
        <button type="button" @click=${() => (playing ? this.pause() : this.play())}>
          ${playing ? "Pause" : k === LAST ? "Train again" : "Train"}
        </button>
        <span>step ${begin.steps[k]} of ${begin.steps[LAST] + 1}</span>
      </div>
      ${slider({
        label: "step",
        name: "step of training",
        value: k,
        min: 0,
        max: LAST,
        step: 1,
        text: String(begin.steps[k]),
        change: (to) => this.change({ k: to, playing: false }),
      })}
      ${[0, 1].map(
        (twin) => html`<div>
          <p>weights of <span class="apple">apple</span>, ${CUES[twin]}</p>
          <div class="heat" aria-hidden="true" style="--hue: var(--live-${HUES[twin]})">
            ${begin.runs[run].weights[k][twin].map(
              (weight, i) => html`<span style="--depth: ${Math.round(48 * weight)}%"
                >${begin.sentences[twin][i]}<br />${show(weight)}</span
              >`,
            )}
          </div>
        </div>`,
      )}
      ${choice({
        legend: "Start of the matrices (seed)",
        chosen: String(run),
        options: begin.runs.map(({ seed }, i) => ({ value: String(i), label: String(seed) })),
        change: (value) => this.change({ run: Number(value), playing: false }),
      })}
    `;
  }

  pause() {
    clearTimeout(this.next);
    this.change({ playing: false });
  }

  describe() {
    const { k, run } = this.state;
    const [a, b] = [this.at(k, 0), this.at(k, 1)];
    const parted = a.lean > 1 && b.lean < -1;
    const cue = begin.runs[run].weights[k].map((weights) => show(weights[2]));
    const verdict = parted
      ? "They have parted."
      : Math.abs(a.lean - b.lean) < 0.1
        ? "They lie together."
        : "They are parting.";
    return `Step ${begin.steps[k]}: apple′ = ${showVector(a.apple.slice(0, 2))} beside ${CUES[0]}, ${showVector(b.apple.slice(0, 2))} beside ${CUES[1]}. Weight on the word that tells: ${cue[0]} and ${cue[1]}. ${verdict}`;
  }

  numbers() {
    const kept = begin.steps.map((_, i) => i).filter((i) => i % 3 === 0 || i === LAST);
    return [
      {
        caption: "(tech, fruit) of apple′ during this run.",
        head: ["step", ...CUES],
        rows: kept.map((i) => [
          String(begin.steps[i]),
          ...[0, 1].map((twin) => showVector(this.at(i, twin).apple.slice(0, 2), 3)),
        ]),
      },
    ];
  }
}

customElements.define("live-learning-path", LearningPath);
