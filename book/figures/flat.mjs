// The explorer without a third dimension: the same slabs as tables, laid out by the same law,
// with what stands to the left and above beside the result. It needs no WebGL.

import { css, html, nothing } from "lit";
import { inSight } from "./explorer_model.mjs";
import { tidy } from "./numbers.mjs";

/** @typedef {import("./explorer_model.mjs").Model} Model */
/** @typedef {import("./explorer_model.mjs").Slab} Slab */
/** @typedef {import("./solid.mjs").View} View */
/** @typedef {import("./solid.mjs").Chosen} Chosen */

/**
 * @param {Model} model @param {View} view
 * @param {(chosen: Chosen) => void} choose @param {(event: KeyboardEvent) => void} press
 */
export function flatView(model, view, choose, press) {
  const slabs = inSight(model, view);
  const steps = view.free ? model.steps.map((_, i) => i) : [view.step];
  const chosen = view.chosen;
  const making = chosen && model.slabs.get(chosen.slab)?.make(chosen.row, chosen.column);
  const get = (/** @type {string} */ id) => /** @type {Slab} */ (model.slabs.get(id));
  const seen = (/** @type {Slab} */ slab) => slabs.includes(slab);

  const table = (/** @type {Slab | undefined} */ slab) => {
    if (!slab) return nothing;
    const title = slab.head === null || model.nHeads === 1 ? slab.title : `${slab.title}, head ${slab.head + 1}`;
    const largest = Math.max(...slab.values.flat().filter((x) => isFinite(x)).map(Math.abs), 1e-9);
    const isSource = (/** @type {number} */ i, /** @type {number} */ j) =>
      making?.sources.some(
        (s) => s.slab === slab.id && (s.row ?? i) === i && (s.column ?? j) === j,
      );
    const here = chosen?.slab === slab.id ? chosen : { row: 0, column: 0 };
    return html`<table class="slab" role="grid" aria-label=${title} data-slab=${slab.id}
      style="--hue: var(--live-${slab.hue})" @keydown=${press}>
      <caption>${title}</caption>
      <thead>
        <tr>
          <td></td>
          ${slab.columns.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${slab.values.map(
          (row, i) => html`<tr class=${i === model.hero && slab.rows === model.words ? "hero" : ""}>
            <th scope="row">${slab.rows[i]}</th>
            ${row.map((value, j) => {
              const depth = isFinite(value) ? (48 * Math.abs(value)) / largest : 0;
              const picked = chosen?.slab === slab.id && here.row === i && here.column === j;
              return html`<td
                tabindex=${here.row === i && here.column === j ? 0 : -1}
                aria-selected=${picked ? "true" : "false"}
                class="${isSource(i, j) ? "source" : ""} ${isFinite(value) ? "" : "out"}"
                style="--depth: ${depth}%"
                data-cell="${i},${j}"
                @click=${() => choose({ slab: slab.id, row: i, column: j })}
                >${isFinite(value) ? tidy(value) : "−∞"}</td
              >`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>`;
  };

  return html`<div class="flat">
    ${steps.map((index) => {
      const step = model.steps[index];
      if (step.result.length === 1) {
        return html`<div class="equation">
          <div class="left">${step.left.map(get).filter(seen).map(table)}</div>
          <div>${step.above.map(get).map(table)}${table(get(step.result[0]))}</div>
        </div>`;
      }
      return step.result.map((id, h) => {
        if (!seen(get(id))) return nothing;
        const left = step.left[h] ?? step.left[0];
        return html`<div class="equation">
          <div class="left">${left ? table(get(left)) : nothing}</div>
          <div>${step.above[h] ? table(get(step.above[h])) : nothing}${table(get(id))}</div>
        </div>`;
      });
    })}
  </div>`;
}

export const flatLooks = css`
  .flat {
    display: grid;
    gap: 1.4rem;
    justify-items: start;
    padding: 0.3rem;
  }
  .equation {
    display: flex;
    gap: 1rem;
    align-items: end;
  }
  .equation .left {
    display: grid;
    gap: 0.8rem;
  }
  table.slab {
    border-collapse: separate;
    border-spacing: 2px;
    font-size: 0.82rem;
    margin: 0 0 0.3rem;
  }
  table.slab caption {
    font-weight: 600;
    color: var(--live-ink);
    padding: 0 0 0.1rem 0.2rem;
  }
  table.slab th,
  table.slab td {
    border: 0;
    padding: 0.15rem 0.25rem;
    text-align: center;
    min-width: 2.6em;
  }
  table.slab thead span {
    writing-mode: vertical-rl;
    transform: rotate(180deg);
    max-height: 6.5em;
  }
  table.slab th[scope="row"] {
    text-align: right;
    min-width: 0;
  }
  table.slab tbody td {
    background: color-mix(in srgb, var(--hue) var(--depth, 0%), var(--live-tint));
    border-radius: 3px;
    cursor: pointer;
  }
  table.slab .hero th {
    color: var(--live-apple-text);
    font-weight: 600;
  }
  table.slab td.out {
    background: repeating-linear-gradient(135deg, var(--live-paper) 0 4px, var(--live-rule) 4px 5px);
  }
  table.slab td.source {
    box-shadow: inset 0 0 0 2px var(--live-ink);
  }
  table.slab td[aria-selected="true"] {
    box-shadow: inset 0 0 0 4px var(--live-ink);
    font-weight: 600;
  }
`;
