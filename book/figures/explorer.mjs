// The explorer: all of multi-head self-attention on one sentence, step by step or free.

import { css, html, nothing } from "lit";
import { choice, toggle } from "./controls.mjs";
import { explorerModel, inSight, ownStory } from "./explorer_model.mjs";
import { LiveFigure } from "./figure.mjs";
import { flatLooks, flatView } from "./flat.mjs";
import { looks } from "./looks.mjs";
import { show } from "./numbers.mjs";
import begin from "./start/explorer.json" with { type: "json" };

/** @typedef {import("./explorer_model.mjs").Model} Model */
/** @typedef {import("./solid.mjs").Chosen} Chosen */
/** @typedef {import("./solid.mjs").Solid} Solid */
/** @typedef {keyof typeof begin.stories | "own"} StoryName */
/** @typedef {{story: StoryName, own: string, nHeads: number, causal: boolean, step: number,
 *   free: boolean, head: number | "all", solid: boolean, chosen: Chosen}} State */

const SENTENCES = /** @type {Record<StoryName, string>} */ ({
  ...Object.fromEntries(Object.entries(begin.stories).map(([name, { words }]) => [name, words.join(" ")])),
  own: "your own words …",
});
const TURN = 0.2; // radians for one press
const SMALL = window.matchMedia("(max-width: 600px)"); // room for one head at a time

function hasWebGL() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/** The reader moves, scrolls, touches or types: from then on the page may be busy for a moment. */
function firstStir() {
  const events = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown"];
  return new Promise((stirred) => {
    const once = new AbortController();
    const stir = () => {
      once.abort();
      stirred(undefined);
    };
    for (const event of events) {
      window.addEventListener(event, stir, { signal: once.signal, passive: true });
    }
  });
}

/** @extends {LiveFigure<State>} */
class Explorer extends LiveFigure {
  static styles = [
    looks,
    flatLooks,
    css`
      .step {
        min-height: 8em;
      }
      .title {
        font-size: 1.1rem;
        margin-bottom: 0.15rem;
        font-weight: 600;
      }
      .title small {
        color: var(--live-soft);
        font-weight: 400;
        margin-right: 0.4em;
      }
      .room {
        position: relative;
        height: min(27rem, 118cqw);
        border-radius: 6px;
        border: 1px solid var(--live-rule);
        overflow: hidden;
      }
      .room.flat-room {
        overflow: auto;
      }
      .room canvas {
        display: block;
        cursor: grab;
      }
      .controls {
        gap: 0.5rem;
      }
      .walk {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 0.5rem;
      }
      .walk select {
        width: 100%;
        min-width: 0;
      }
      .turns {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
      }
      .turns button {
        min-width: 2rem;
        padding: 0.2rem;
      }
      .settings {
        display: grid;
        gap: 0.8rem 1.6rem;
        grid-template-columns: 1fr;
        margin: 0.6rem 0 0.4rem;
        padding-top: 0.7rem;
        border-top: 1px solid var(--live-rule);
      }
      .settings select,
      .settings input[type="text"] {
        width: 100%;
      }
      .settings label.field {
        display: grid;
        gap: 0.25rem;
        color: var(--live-soft);
      }
      .settings label.field > * {
        color: var(--live-ink);
      }
      .note {
        color: var(--live-soft);
        font-size: 0.88rem;
      }
      @container (min-width: 530px) {
        .step {
          min-height: 5em;
        }
        .settings {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];
  layout = "alone";

  static properties = { solids: { state: true }, webgl: { state: true } };
  /** @type {Solid | undefined} */
  scene;
  /** @type {Model | undefined} */
  model;
  modelKey = "";
  focusCell = false;

  name() {
    return "self-attention, step by step";
  }
  /** @returns {State} */
  start() {
    return {
      story: "phones",
      own: "my apple watch loves juice",
      nHeads: 2,
      causal: false,
      step: 0,
      free: false,
      head: SMALL.matches ? 0 : "all",
      solid: true,
      chosen: null,
    };
  }
  invitation() {
    return html`walk through the steps, turn the blocks, and choose any cell: which row and which
      column made it?`;
  }

  willUpdate() {
    const { story, own, causal } = this.state;
    const given = story === "own" ? { matrices: "story", heads: [1, 2, 4] } : begin.stories[story];
    const nHeads = given.heads.includes(this.state.nHeads) ? this.state.nHeads : 2;
    const key = JSON.stringify([story, story === "own" && own, nHeads, causal]);
    if (key === this.modelKey) return;
    this.modelKey = key;
    const words = story === "own" ? ownStory(own, begin.words, begin.axes) : begin.stories[story];
    const matrices = begin.matrices[/** @type {"story"} */ (given.matrices)];
    this.model = explorerModel(words, matrices, nHeads, causal);
  }

  constructor() {
    super();
    /** The module of the third dimension, once it is here; the step lies flat until then.
     * @type {typeof import("./solid.mjs") | undefined} */
    this.solids = undefined;
    this.webgl = true; // as long as nothing says otherwise
  }

  /** To ask for WebGL can take a second where there is no graphics card, so it waits as well. */
  async bringThirdDimension() {
    await firstStir();
    this.webgl = hasWebGL();
    if (this.webgl) this.solids = await import("./solid.mjs");
  }

  firstUpdated() {
    this.bringThirdDimension();
    this.dark = new MutationObserver(() => this.refresh());
    this.dark.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.dark?.disconnect();
    this.scene?.dispose();
    this.scene = undefined;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    this.refresh();
    if (this.focusCell && this.state.chosen) {
      const { slab, row, column } = this.state.chosen;
      const cell = this.renderRoot.querySelector(`[data-slab="${slab}"] [data-cell="${row},${column}"]`);
      /** @type {HTMLElement | null} */ (cell)?.focus();
    }
    this.focusCell = false;
  }

  /** Are the matrices solid now? */
  isSolid() {
    return this.state.solid && this.solids !== undefined;
  }

  /** Let the third dimension draw the present state. */
  refresh() {
    if (!this.solids || !this.isSolid() || !this.isConnected) return;
    const room = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".room"));
    const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scene ??= new this.solids.Solid(room, (chosen) => this.choose(chosen), still);
    this.scene.update(/** @type {Model} */ (this.model), this.state);
  }

  /** @param {Chosen} chosen */
  choose(chosen) {
    this.change({ chosen });
  }
  /** @param {number} step */
  go(step) {
    const last = /** @type {Model} */ (this.model).steps.length - 1;
    this.change({ step: Math.max(0, Math.min(last, step)), chosen: null, free: false });
  }
  /** In a long sentence, or on a small screen, one head is enough to begin with. @param {string} story */
  firstHead(story) {
    const words = story === "own" ? [] : begin.stories[/** @type {"phones"} */ (story)].words;
    return SMALL.matches || words.length > 6 ? 0 : /** @type {const} */ ("all");
  }
  /** @param {boolean} solid */
  show(solid) {
    if (!solid) {
      this.scene?.dispose();
      this.scene = undefined;
    }
    this.change({ solid });
  }

  /** The slabs that the keyboard can reach now, in reading order. */
  reachable() {
    const model = /** @type {Model} */ (this.model);
    return inSight(model, this.state).map(({ id }) => id);
  }

  /** Keys in the view: arrows choose a cell, with Shift they turn. @param {KeyboardEvent} event */
  press(event) {
    const model = /** @type {Model} */ (this.model);
    const arrows = /** @type {Record<string, number[]>} */ ({
      ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
    });
    const arrow = arrows[event.key];
    const page = { PageUp: -1, PageDown: 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (!arrow && !page)) return;
    event.preventDefault();
    if (arrow && event.shiftKey && this.isSolid()) {
      this.scene?.turn(arrow[1] * TURN, -arrow[0] * TURN);
      return;
    }
    const ids = this.reachable();
    const home = this.state.free ? ids[0] : model.steps[this.state.step].result.find((id) => ids.includes(id));
    const target = /** @type {HTMLElement} */ (event.currentTarget).dataset.slab;
    const from = this.state.chosen && ids.includes(this.state.chosen.slab) ? this.state.chosen : null;
    const slabId = target ?? from?.slab ?? home ?? ids[0];
    const at = from?.slab === slabId ? from : null;
    this.focusCell = !this.isSolid();
    if (page) {
      const next = ids[(ids.indexOf(slabId) + page + ids.length) % ids.length];
      return this.choose({ slab: next, row: 0, column: 0 });
    }
    const slab = model.slabs.get(slabId);
    if (!slab) return;
    if (!at) return this.choose({ slab: slabId, row: target ? 0 : Math.min(model.hero, slab.rows.length - 1), column: 0 });
    const row = Math.max(0, Math.min(slab.rows.length - 1, at.row + arrow[0]));
    const column = Math.max(0, Math.min(slab.columns.length - 1, at.column + arrow[1]));
    this.choose({ slab: slabId, row, column });
  }

  stage() {
    const model = /** @type {Model} */ (this.model);
    const { step, free } = this.state;
    const { name, sentence } = model.steps[step];
    const last = model.steps.length - 1;
    const press = (/** @type {KeyboardEvent} */ event) => this.press(event);
    return html`
      <div class="step">
        <p class="title">${free ? "Everything" : html`<small>${step + 1} of ${last + 1}</small>${name}`}</p>
        <p>${free ? "From left to right: what stands to the left, times what stands above, is here. A word keeps its height all the way; heads lie behind one another." : sentence}</p>
      </div>
      ${this.isSolid()
        ? html`<div class="room" tabindex="0" role="application"
            aria-label="Solid view. Arrow keys choose a cell, Page Down goes to the next matrix, Shift with arrow keys turns."
            @keydown=${press}></div>`
        : html`<div class="room flat-room" tabindex="0" role="region" aria-label="Flat view">
            ${flatView(model, this.state, (chosen) => this.choose(chosen), press)}
          </div>`}
    `;
  }

  controls() {
    const model = /** @type {Model} */ (this.model);
    const { step, free, solid } = this.state;
    const last = model.steps.length - 1;
    return html`
      <div class="walk">
        <button type="button" ?disabled=${step === 0 && !free} @click=${() => this.go(free ? step : step - 1)}>
          Back
        </button>
        <select aria-label="Step" @change=${(/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLSelectElement} */ (event.target);
          if (value === "all") this.change({ free: true, chosen: null });
          else this.go(Number(value));
        }}>
          ${model.steps.map(
            (each, i) => html`<option value=${i} .selected=${!free && i === step}>${i + 1} ${each.name}</option>`,
          )}
          <option value="all" .selected=${free}>Everything</option>
        </select>
        <button type="button" ?disabled=${step === last || free} @click=${() => this.go(step + 1)}>Next</button>
      </div>
      ${solid && this.webgl ? this.turns() : nothing}
    `;
  }

  turns() {
    const button = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ act) =>
      html`<button type="button" aria-label=${name} title=${name} @click=${act}>${sign}</button>`;
    return html`<div class="turns">
      ${button("Turn left", "←", () => this.scene?.turn(-TURN, 0))}
      ${button("Turn right", "→", () => this.scene?.turn(TURN, 0))}
      ${button("Turn up", "↑", () => this.scene?.turn(0, TURN))}
      ${button("Turn down", "↓", () => this.scene?.turn(0, -TURN))}
      ${button("Nearer", "+", () => this.scene?.zoom(0.8))}
      ${button("Farther", "−", () => this.scene?.zoom(1.25))}
      ${button("Face the step again", "⌂", () => this.scene?.look())}
    </div>`;
  }

  settings() {
    const model = /** @type {Model} */ (this.model);
    const { story, own, causal, head, solid } = this.state;
    const offered = story === "own" ? [1, 2, 4] : [...begin.stories[story].heads].sort();
    const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
    return html`<div class="settings">
      <label class="field"
        >Sentence
        <select @change=${(/** @type {Event} */ event) =>
          this.change({ story: /** @type {StoryName} */ (value(event)), chosen: null, head: this.firstHead(value(event)) })}>
          ${Object.entries(SENTENCES).map(
            ([name, words]) => html`<option value=${name} .selected=${name === story}>${words}</option>`,
          )}
        </select>
      </label>
      ${story === "own"
        ? html`<label class="field"
            >Your words, ten at most
            <input type="text" maxlength="120" .value=${own} @change=${(/** @type {Event} */ event) => {
              if (/[\p{L}\p{N}]/u.test(value(event))) this.change({ own: value(event), chosen: null });
            }} />
          </label>`
        : html`<p class="note">${aboutVectors(story)}</p>`}
      ${choice({
        legend: "Number of heads",
        chosen: String(model.nHeads),
        options: offered.map((n) => ({ value: String(n), label: String(n) })),
        change: (n) => this.change({ nHeads: Number(n), chosen: null, head: this.firstHead(story) }),
      })}
      ${model.nHeads > 1
        ? choice({
            legend: "Show",
            chosen: String(head),
            options: [
              { value: "all", label: "all heads" },
              ...Array.from({ length: model.nHeads }, (_, h) => ({ value: String(h), label: `head ${h + 1}` })),
            ],
            change: (which) => this.change({ head: which === "all" ? "all" : Number(which), chosen: null }),
          })
        : nothing}
      ${toggle({
        label: "Causal mask: look only back",
        on: causal,
        change: (on) => this.change({ causal: on }),
      })}
      ${this.webgl
        ? choice({
            legend: "View",
            chosen: solid ? "solid" : "flat",
            options: [
              { value: "solid", label: "solid" },
              { value: "flat", label: "flat tables" },
            ],
            change: (view) => this.show(view === "solid"),
          })
        : html`<p class="note">This browser has no WebGL, so the matrices lie flat. The numbers are the same.</p>`}
      ${story === "own" ? html`<p class="note">${aboutVectors(story)}</p>` : nothing}
    </div>`;
  }

  describe() {
    const model = /** @type {Model} */ (this.model ?? (this.willUpdate(), this.model));
    const { chosen, step, free } = this.state;
    if (!chosen) {
      if (free) return "Everything is shown. Choose a cell to see the row and the column that made it.";
      return `Step ${step + 1}, ${model.steps[step].name}. Choose a cell to see the row and the column that made it.`;
    }
    const slab = model.slabs.get(chosen.slab);
    if (!slab) return "";
    const { row, column } = chosen;
    const place = slab.head !== null && model.nHeads > 1 ? `, head ${slab.head + 1}` : "";
    return `${slab.title}[${slab.rows[row]}, ${slab.columns[column]}]${place} is ${show(slab.values[row][column], 3)}: ${slab.make(row, column).text}.`.replace("….", "…");
  }

  numbers() {
    const model = /** @type {Model} */ (this.model);
    const ids = this.reachable().filter((id) => model.steps[this.state.step].result.includes(id));
    return ids.map((id) => {
      const slab = /** @type {import("./explorer_model.mjs").Slab} */ (model.slabs.get(id));
      const head = slab.head !== null && model.nHeads > 1 ? `, head ${slab.head + 1}` : "";
      return {
        caption: slab.title + head,
        head: ["word", ...slab.columns],
        rows: slab.rows.map((name, i) => [name, ...slab.values[i].map((x) => show(x, 4))]),
      };
    });
  }
}

/** @param {StoryName} story */
function aboutVectors(story) {
  if (story === "own")
    return "Toy vectors: words of the book keep its numbers; those of any other word are made from its letters and mean nothing. The mechanism is the real one.";
  if (story === "making")
    return "Toy vectors, drawn at random: head 1 is the head of chapters 6 to 8.";
  if (story === "tired" || story === "wide")
    return "Toy vectors, set by hand: “it” lies between living and place, as apple lies between tech and fruit.";
  return "The toy vectors and matrices of chapter 9, set by hand.";
}

customElements.define("live-explorer", Explorer);
