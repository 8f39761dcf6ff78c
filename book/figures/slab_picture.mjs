// The front of a slab: its cells with their numbers, its name and the names of its columns.

import { tidy } from "./numbers.mjs";

/** @typedef {import("./explorer_model.mjs").Slab} Slab */
/** @typedef {{row: number, column: number} | null} Cell */
/** @typedef {{rows: Set<number>, columns: Set<number>, cells: Set<string>, chosen: Cell}} Marks */
/** @typedef {Record<string, string>} Palette */

export const SIDE = 1.6; // units of room left and right of the cells

/** Units of room above and below the cells. @param {Slab} slab @param {boolean} upper @param {boolean} labelled */
export function margins(slab, upper, labelled) {
  const longest = Math.max(...slab.columns.map((name) => name.length));
  const names = labelled ? 0.35 + 0.27 * longest : 0;
  return { top: names + (upper ? 0.9 : 0), bottom: upper ? 0 : 0.95 };
}

/** The colours and the font of the page, as they are now. @param {Element} element @returns {Palette} */
export function palette(element) {
  const style = getComputedStyle(element);
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const names = ["q", "k", "v", "apple", "ink", "soft", "grey", "paper", "tint", "rule"];
  const text = ["q-text", "k-text", "v-text", "apple-text"];
  const colours = [...names, ...text].map((name) => {
    pen.fillStyle = style.getPropertyValue(`--live-${name}`).trim();
    return [name, String(pen.fillStyle)]; // now in the form #rrggbb
  });
  return { ...Object.fromEntries(colours), font: style.fontFamily };
}

/** A colour between two. @param {string} from @param {string} to @param {number} share */
export function blend(from, to, share) {
  const channels = (/** @type {string} */ hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((x, i) => Math.round(x + (b[i] - x) * share)).join(",")})`;
}

/**
 * @param {HTMLCanvasElement} canvas @param {Slab} slab
 * @param {{unit: number, upper: boolean, labelled: boolean, hero: number | null, marks: Marks,
 *   colours: Palette, title: string, largest: number}} look
 */
export function drawSlab(canvas, slab, { unit, upper, labelled, hero, marks, colours, title, largest }) {
  const { top, bottom } = margins(slab, upper, labelled);
  const [n, m] = [slab.rows.length, slab.columns.length];
  canvas.width = Math.round((m + 2 * SIDE) * unit);
  canvas.height = Math.round((n + top + bottom) * unit);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const hue = colours[slab.hue];
  const word = colours[`${slab.hue}-text`] ?? colours.ink;
  pen.textAlign = "center";
  pen.textBaseline = "middle";

  slab.values.forEach((row, i) =>
    row.forEach((value, j) => {
      const [x, y] = [(SIDE + j) * unit, (top + i) * unit];
      const depth = isFinite(value) ? (0.6 * Math.abs(value)) / largest : 0;
      pen.fillStyle = blend(colours.tint, hue, depth);
      pen.fillRect(x, y, unit, unit);
      if (!isFinite(value)) hatch(pen, x, y, unit, colours.grey);
      pen.fillStyle = colours.ink;
      pen.font = `${0.33 * unit}px ${colours.font}`;
      pen.fillText(isFinite(value) ? tidy(value) : "−∞", x + unit / 2, y + unit / 2 + 1);
      if (value < 0 && isFinite(value)) underline(pen, x, y, unit, colours.ink);
    }),
  );
  if (hero !== null) {
    frame(pen, SIDE * unit, (top + hero) * unit, m * unit, unit, colours.apple, 0.06 * unit);
  }
  const source = (/** @type {number} */ i, /** @type {number} */ j) =>
    marks.rows.has(i) || marks.columns.has(j) || marks.cells.has(`${i},${j}`);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      if (source(i, j)) frame(pen, (SIDE + j) * unit, (top + i) * unit, unit, unit, colours.ink, 0.07 * unit);
  if (marks.chosen) {
    const { row, column } = marks.chosen;
    frame(pen, (SIDE + column) * unit, (top + row) * unit, unit, unit, colours.ink, 0.16 * unit);
  }

  pen.fillStyle = word;
  pen.font = `600 ${0.46 * unit}px ${colours.font}`;
  const middle = (SIDE + m / 2) * unit;
  pen.fillText(title, middle, upper ? 0.45 * unit : (top + n + 0.5) * unit, canvas.width);
  if (!labelled) return;
  pen.font = `${0.4 * unit}px ${colours.font}`;
  pen.textAlign = "left";
  slab.columns.forEach((name, j) => {
    pen.fillStyle = colours.soft;
    pen.save();
    pen.translate((SIDE + j + 0.5) * unit, (top - 0.2) * unit);
    pen.rotate(-Math.PI / 2);
    pen.fillText(name, 0, 0);
    pen.restore();
  });
}

/**
 * The words beside a slab, one to a row.
 * @param {HTMLCanvasElement} canvas @param {string[]} names @param {number | null} hero
 * @param {number} unit @param {Palette} colours
 */
export function drawRowNames(canvas, names, hero, unit, colours) {
  const width = rowNamesWidth(names);
  canvas.width = Math.round(width * unit);
  canvas.height = Math.round(names.length * unit);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  names.forEach((name, i) => {
    pen.font = `${i === hero ? "600 " : ""}${0.42 * unit}px ${colours.font}`;
    pen.fillStyle = i === hero ? colours["apple-text"] : colours.ink;
    pen.fillText(name, (width - 0.25) * unit, (i + 0.5) * unit);
  });
}

/** @param {string[]} names */
export function rowNamesWidth(names) {
  return 0.6 + 0.27 * Math.max(...names.map((name) => name.length));
}

/**
 * @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y
 * @param {number} width @param {number} height @param {string} colour @param {number} thick
 */
function frame(pen, x, y, width, height, colour, thick) {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.strokeRect(x + thick / 2, y + thick / 2, width - thick, height - thick);
}

/** Marks a negative number. @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} unit @param {string} colour */
function underline(pen, x, y, unit, colour) {
  pen.fillStyle = colour;
  pen.fillRect(x + 0.3 * unit, y + 0.76 * unit, 0.4 * unit, Math.max(1, 0.03 * unit));
}

/** Marks a masked score. @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} unit @param {string} colour */
function hatch(pen, x, y, unit, colour) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, unit, unit);
  pen.clip();
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.22;
  pen.lineWidth = 0.03 * unit;
  for (let k = -4; k < 5; k++) {
    pen.beginPath();
    pen.moveTo(x + (k * unit) / 4, y + unit);
    pen.lineTo(x + (k * unit) / 4 + unit, y);
    pen.stroke();
  }
  pen.restore();
}
