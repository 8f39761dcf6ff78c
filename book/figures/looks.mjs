// The look that all figures share. Colours mean the same on every page of the book.

import { css, unsafeCSS } from "lit";

// Okabe and Ito's colours for areas; the darker ones are for words, which need more contrast.
// Where the book's theme has a colour of its own, that one is taken.
const LIGHT = `
  --live-q: #0072B2; --live-k: #D55E00; --live-v: #009E73; --live-apple: #AA4499;
  --live-q-text: var(--q, #00639B); --live-k-text: var(--k, #A94A00);
  --live-v-text: var(--v, #00704F); --live-apple-text: var(--apple, #963A86);
  --live-ink: var(--ink, #1F2430); --live-soft: var(--soft, #5A6170); --live-grey: #8A8A8A;
  --live-rule: var(--line, #D9DBDF); --live-paper: var(--paper, #FFFFFF);
  --live-tint: var(--sheet, #F6F6F4);`;
const DARK = `
  --live-q: #56A8DC; --live-k: #E9843A; --live-v: #2DB893; --live-apple: #D07CC3;
  --live-q-text: var(--q, #7CC0EA); --live-k-text: var(--k, #F2A265);
  --live-v-text: var(--v, #57CDAB); --live-apple-text: var(--apple, #DF9AD4);
  --live-ink: var(--ink, #E9E7E1); --live-soft: var(--soft, #B4B9C2); --live-grey: #9A9DA3;
  --live-rule: var(--line, #454A54); --live-paper: var(--paper, #14181E);
  --live-tint: var(--sheet, #1D2229);`;

/** Put the colours on the page, once, for light and dark. */
export function addColours() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root{${LIGHT}} html[data-theme="dark"]{${DARK}}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** @param {number} width from which controls stand beside the picture */
const wide = (width) => unsafeCSS(`(min-width: ${width}px)`);

export const looks = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--live-ink);
    font-family: var(--sans, inherit);
    font-size: 0.95rem;
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
  }
  * {
    box-sizing: border-box;
  }
  .frame {
    display: flex;
    flex-direction: column;
    min-height: inherit;
    border: 1px solid var(--live-rule);
    border-radius: 8px;
    background: var(--live-paper);
    padding: 0.9rem 1rem 0.7rem;
  }
  p {
    margin: 0;
  }
  .try {
    margin-bottom: 0.7rem;
    text-wrap: pretty;
  }
  .try b {
    font-weight: 600;
  }
  .body {
    display: grid;
    gap: 0.8rem 1.4rem;
  }
  @container ${wide(530)} {
    .body.beside {
      grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr);
      align-items: center;
    }
  }
  .stage,
  .controls {
    min-width: 0;
  }
  .above .controls {
    order: -1;
  }
  .controls {
    display: grid;
    gap: 0.75rem;
  }
  svg {
    display: block;
    width: 100%;
    max-width: 24rem;
    height: auto;
    margin: 0 auto;
    overflow: visible;
    font-family: inherit;
    font-size: 13px;
  }
  svg text {
    fill: var(--live-ink);
    paint-order: stroke;
    stroke: var(--live-paper);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  svg .soft {
    fill: var(--live-soft);
  }
  .said {
    min-height: 4.4em;
    margin-top: 0.8rem;
    padding-top: 0.6rem;
    border-top: 1px solid var(--live-rule);
    text-wrap: pretty;
  }
  @container ${wide(530)} {
    .said {
      min-height: 3em;
    }
  }
  .foot {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 1rem;
    margin-top: auto;
    padding-top: 0.35rem;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  select,
  input[type="text"],
  input[type="number"] {
    font: inherit;
    color: inherit;
    background: var(--live-paper);
    border: 1px solid var(--live-grey);
    border-radius: 5px;
    padding: 0.25rem 0.7rem;
    min-height: 2rem;
  }
  button {
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--live-tint);
    border-color: var(--live-ink);
  }
  button:disabled {
    color: var(--live-soft);
    border-color: var(--live-rule);
    cursor: default;
  }
  :is(button, select, input, summary, label, [tabindex]):focus-visible {
    outline: 3px solid var(--live-q);
    outline-offset: 2px;
  }
  details {
    min-width: 0;
    flex: 1;
  }
  summary {
    cursor: pointer;
    width: fit-content;
    min-height: 2rem;
    padding: 0.25rem 0.2rem;
    color: var(--live-soft);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: 0.88rem;
    margin: 0.3rem 0 0.5rem;
  }
  caption {
    text-align: left;
    color: var(--live-soft);
    padding-bottom: 0.3rem;
  }
  th,
  td {
    padding: 0.15rem 0.7rem 0.15rem 0;
    text-align: right;
    font-weight: 400;
    border-bottom: 1px solid var(--live-rule);
    white-space: nowrap;
  }
  th:first-child {
    text-align: left;
  }
  thead th {
    color: var(--live-soft);
  }
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    min-width: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 0.25rem;
    color: var(--live-soft);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
  }
  .choices label {
    display: inline-flex;
    align-items: center;
    min-height: 2rem;
    padding: 0.15rem 0.7rem;
    border: 1px solid var(--live-grey);
    border-radius: 5px;
    cursor: pointer;
  }
  .choices label:hover {
    border-color: var(--live-ink);
  }
  .choices label:has(:checked) {
    background: var(--live-ink);
    border-color: var(--live-ink);
    color: var(--live-paper);
  }
  .choices label:has(:focus-visible) {
    outline: 3px solid var(--live-q);
    outline-offset: 2px;
  }
  .choices input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .toggle {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 2rem;
    cursor: pointer;
    width: fit-content;
  }
  .toggle input {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--live-ink);
  }
  .slider {
    display: grid;
    grid-template-columns: minmax(3.6em, auto) 1fr 3.4em;
    align-items: center;
    gap: 0.6rem;
    min-height: 2rem;
  }
  .slider output {
    text-align: right;
  }
  input[type="range"] {
    width: 100%;
    min-width: 0;
    height: 2rem;
    margin: 0;
    accent-color: var(--hue, var(--live-ink));
    cursor: pointer;
  }
  .apple {
    color: var(--live-apple-text);
  }
  svg .apple {
    fill: var(--live-apple-text);
  }
  [data-drag] {
    cursor: grab;
    touch-action: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    .glide {
      transition: 0.25s ease-out;
      transition-property: transform, width, height, y, x, fill-opacity, opacity;
    }
  }
`;
