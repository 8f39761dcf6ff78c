// Where each slab stands in the explorer's space. One law: what stands to the left, times what
// stands above, is here. So a word keeps its height from Q to the output, and heads lie behind one
// another. Keys and values are made on a floor below, under the places where they are needed.

/** @typedef {import("./explorer_model.mjs").Model} Model */
/** @typedef {{x: number, y: number, z: number, width: number, height: number, upper: boolean,
 *   labelled: boolean}} Place  x, y: the top left corner; one unit is one cell */

const GAP = 2;
const STOREY = 1.1; // between a matrix and the one above it
const MAIN = ["X", "Q", "scores", "scaled", "masked", "weights", "mixed", "concat", "output"];
const BELOW = [
  { names: ["X_K", "K"], under: "scores.0" },
  { names: ["X_V", "V"], under: "mixed.0" },
];
/** @type {Record<string, string>} */
const ABOVE = { Q: "W_Q", K: "W_K", V: "W_V", scores: "K_T", mixed: "V_up", output: "W_O" };

/** @param {Model} model @returns {Map<string, Place>} */
export function layout(model) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  const n = model.words.length;
  const floor = n + 4 + 2 * STOREY + 4; // a row of words, W above it, and air
  place(places, model, MAIN, 0, 0);
  for (const { names, under } of BELOW) {
    const width = model.slabs.get("X")?.columns.length ?? 0;
    place(places, model, names, (places.get(under)?.x ?? 0) - width - GAP, -floor);
  }
  return places;
}

/** @param {Map<string, Place>} places @param {Model} model @param {string[]} names @param {number} x @param {number} y */
function place(places, model, names, x, y) {
  const depth = model.words.length + 5;
  for (const name of names) {
    const suffixes = model.slabs.has(name)
      ? [""]
      : Array.from({ length: model.nHeads }, (_, h) => `.${h}`);
    let width = 0;
    suffixes.forEach((suffix, h) => {
      const slab = model.slabs.get(name + suffix);
      const above = ABOVE[name] ? model.slabs.get(ABOVE[name] + suffix) : undefined;
      if (!slab) return;
      width = slab.columns.length;
      const z = -h * depth;
      const size = { width, height: slab.rows.length };
      places.set(slab.id, { x, y, z, ...size, upper: false, labelled: !above });
      if (!above) return;
      const height = above.rows.length;
      places.set(above.id, {
        x, y: y + height + STOREY, z, width, height, upper: true, labelled: true,
      });
    });
    x += width + GAP;
  }
}
