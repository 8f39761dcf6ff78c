// The frame of every live figure: what to try, the picture, the controls, what changed,
// the numbers as a table, and a way back to the start.

import { LitElement, html, nothing } from "lit";
import { looks } from "./looks.mjs";

/** @typedef {import("lit").TemplateResult} Template */
/** @typedef {{caption: string, head: string[], rows: (string | number)[][]}} Numbers */

const QUIET = 350; // ms without a change before a screen reader is told

/** @template {object} State */
export class LiveFigure extends LitElement {
  /** @type {import("lit").CSSResultGroup} */
  static styles = looks;
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { state: { state: true }, told: { state: true } };

  /** Where the controls go: beside the picture if there is room, or above it. */
  layout = "beside";

  constructor() {
    super();
    /** @type {State} */
    this.state = this.start();
    this.told = "";
    this.wait = 0;
  }

  /** @returns {State} the state that the chapter describes */
  start() {
    throw new Error("a figure needs a start");
  }
  /** @returns {string} the figure's name */
  name() {
    throw new Error("a figure needs a name");
  }
  /** @returns {Template | string} one line: what to try */
  invitation() {
    throw new Error("a figure needs an invitation");
  }
  /** @returns {Template} */
  stage() {
    throw new Error("a figure needs a stage");
  }
  /** @returns {Template | typeof nothing} */
  controls() {
    return nothing;
  }
  /** @returns {Template | typeof nothing} settings that are seldom needed, below the sentence */
  settings() {
    return nothing;
  }
  /** @returns {string} what the picture shows now */
  describe() {
    throw new Error("a figure needs a description");
  }
  /** @returns {Numbers[]} */
  numbers() {
    return [];
  }

  /** @param {Partial<State>} patch */
  change(patch) {
    this.state = { ...this.state, ...patch };
    clearTimeout(this.wait);
    this.wait = window.setTimeout(() => (this.told = this.describe()), QUIET);
  }

  reset() {
    this.state = this.start();
    clearTimeout(this.wait);
    this.told = `Back to the start. ${this.describe()}`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.wait);
  }

  render() {
    return html`<div class="frame" role="group" aria-label=${`Live figure: ${this.name()}`}>
      <p class="try"><b>Try:</b> ${this.invitation()}</p>
      <div class="body ${this.layout}">
        <div class="stage">${this.stage()}</div>
        <div class="controls">${this.controls()}</div>
      </div>
      <p class="said">${this.describe()}</p>
      <p class="unseen" role="status">${this.told}</p>
      ${this.settings()}
      <div class="foot">
        <details>
          <summary>The numbers</summary>
          <div class="scroll" tabindex="0" role="region" aria-label=${`Numbers: ${this.name()}`}>
            ${this.numbers().map(numberTable)}
          </div>
        </details>
        <button type="button" @click=${() => this.reset()}>Reset</button>
      </div>
    </div>`;
  }
}

/** @param {Numbers} numbers */
function numberTable({ caption, head, rows }) {
  return html`<table>
    <caption>${caption}</caption>
    <thead>
      <tr>
        ${head.map((name) => (name ? html`<th scope="col">${name}</th>` : html`<td></td>`))}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, ...cells]) => html`<tr>
          <th scope="row">${name}</th>
          ${cells.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}
