// A matrix as a table of shaded cells: the larger a number, the deeper its colour.

import { css, html } from "lit";
import { show } from "./numbers.mjs";

/**
 * @param {{matrix: number[][], rows: string[], columns: string[], caption: string, hue: string,
 *   digits?: number, strong?: number, most?: number}} options
 *   strong: a row to point out; most: the number with the deepest colour
 */
export function grid({ matrix, rows, columns, caption, hue, digits = 2, strong, most }) {
  const largest = most ?? Math.max(...matrix.flat().map((x) => (isFinite(x) ? Math.abs(x) : 0)), 1e-9);
  return html`<table class="grid" style="--hue: var(--live-${hue})">
    <caption>${caption}</caption>
    <thead>
      <tr>
        <td></td>
        ${columns.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${matrix.map(
        (row, i) => html`<tr class=${i === strong ? "strong" : ""}>
          <th scope="row">${rows[i]}</th>
          ${row.map((x) => {
            const depth = isFinite(x) ? (48 * Math.abs(x)) / largest : 0;
            return html`<td class=${isFinite(x) ? "" : "out"} style="--depth: ${depth}%">
              ${isFinite(x) ? show(x, digits) : html`<span aria-label="masked">×</span>`}
            </td>`;
          })}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

export const gridLooks = css`
  table.grid {
    border-collapse: separate;
    border-spacing: 3px;
    font-size: 0.86rem;
    margin: 0;
  }
  table.grid th,
  table.grid td {
    border: 0;
    padding: 0.2rem 0.3rem;
    text-align: center;
    min-width: 3.2em;
  }
  table.grid th[scope="row"] {
    text-align: right;
    min-width: 0;
  }
  table.grid tbody td {
    border-radius: 3px;
    background: color-mix(in srgb, var(--hue) var(--depth, 0%), var(--live-tint));
  }
  table.grid tbody td.out {
    color: var(--live-soft);
    background: repeating-linear-gradient(
      135deg,
      var(--live-paper) 0 4px,
      var(--live-rule) 4px 5px
    );
  }
  table.grid tr.strong th {
    color: var(--live-apple-text);
    font-weight: 600;
  }
  table.grid tr.strong td {
    box-shadow: inset 0 0 0 2px var(--live-ink);
  }
`;
