// What the explorer shows: every matrix of multi-head self-attention on one sentence, the steps
// that lead through them, and for each cell the row and the column that made it.

import { causalMask, multiHeadAttention, splitHeads, transpose } from "./mechanism.mjs";
import { show, tidy } from "./numbers.mjs";

/** @typedef {import("./mechanism.mjs").Matrix} Matrix */
/** @typedef {{words: string[], axes: string[], X: Matrix}} Story */
/** @typedef {{W_Q: Matrix, W_K: Matrix, W_V: Matrix, W_O: Matrix}} Weights */
/** @typedef {{slab: string, row?: number, column?: number}} Source */
/** @typedef {{text: string, sources: Source[]}} Making */
/** @typedef {{id: string, title: string, head: number | null, hue: string, values: Matrix,
 *   rows: string[], columns: string[], make: (i: number, j: number) => Making}} Slab */
/** @typedef {{name: string, sentence: string, left: string[], above: string[], result: string[]}} Step
 *   left, above, result: ids of slabs; one each for every head where heads work alone */
/** @typedef {{step: number, free: boolean, head: number | "all"}} Sight */
/** @typedef {{words: string[], hero: number, nHeads: number, dKey: number, slabs: Map<string, Slab>,
 *   steps: Step[]}} Model */

const HEROES = ["apple", "it", "making"]; // the word whose row is pointed out

/**
 * @param {Story} story @param {Weights} W @param {number} nHeads @param {boolean} causal
 * @returns {Model}
 */
export function explorerModel(story, W, nHeads, causal) {
  const { words, axes, X } = story;
  const n = words.length;
  const all = multiHeadAttention(X, W, nHeads, causal ? causalMask(n) : undefined);
  /** @type {Map<string, Slab>} */
  const slabs = new Map();
  const heads = Array.from({ length: nHeads }, (_, h) => h);
  const dKey = all.heads[0].K[0].length;
  const dValue = all.heads[0].V[0].length;

  /**
   * @param {string} id @param {string} title @param {string} hue @param {Matrix} values
   * @param {string[]} rows @param {string[]} columns @param {Slab["make"]} make
   * @param {number | null} [head]
   */
  const add = (id, title, hue, values, rows, columns, make, head = null) =>
    slabs.set(id, { id, title, hue, values, rows, columns, make, head });
  const plain = (/** @type {string} */ text) => () => ({ text, sources: [] });
  const numbered = (/** @type {string} */ letter, /** @type {number} */ count) =>
    Array.from({ length: count }, (_, i) => letter + (i + 1));

  add("X", "X", "grey", X, words, axes, plain("looked up: the word's own toy vector"));
  for (const copy of ["X_K", "X_V"]) {
    add(copy, "X", "grey", X, words, axes, (i, j) => ({
      text: "the same X as for the queries",
      sources: [{ slab: "X", row: i, column: j }],
    }));
  }
  const projections = /** @type {const} */ ([
    ["Q", "W_Q", dKey],
    ["K", "W_K", dKey],
    ["V", "W_V", dValue],
  ]);
  for (const [name, matrix, width] of projections) {
    const hue = name.toLowerCase();
    const parts = splitHeads(W[matrix], nHeads);
    for (const h of heads) {
      const columns = numbered(hue, width);
      const up = `${matrix}.${h}`;
      add(up, matrix, hue, parts[h], axes, columns, plain("a weight of the model; here set by hand"), h);
      const values = all.heads[h][name];
      const left = name === "Q" ? "X" : `X_${name}`;
      add(`${name}.${h}`, name, hue, values, words, columns, product(left, X, up, parts[h]), h);
    }
  }
  for (const h of heads) {
    const { K, V, Q, scores, scaled, masked, weights, output } = all.heads[h];
    const across = transpose(K);
    add(`K_T.${h}`, "Kᵀ", "k", across, numbered("k", dKey), words, (i, j) => ({
      text: `the key of ${words[j]}, turned on its side`,
      sources: [{ slab: `K.${h}`, row: j, column: i }],
    }), h);
    add(`V_up.${h}`, "V", "v", V, words, numbered("v", dValue), (i, j) => ({
      text: `the value of ${words[i]}`,
      sources: [{ slab: `V.${h}`, row: i, column: j }],
    }), h);
    const square = (/** @type {string} */ name, /** @type {string} */ hue, /** @type {Matrix} */ values,
      /** @type {Slab["make"]} */ make) => add(`${name}.${h}`, name, hue, values, words, words, make, h);
    square("scores", "soft", scores, product(`Q.${h}`, Q, `K_T.${h}`, across));
    square("scaled", "soft", scaled, (i, j) => ({
      text: `${show(scores[i][j])} ÷ √${dKey}`,
      sources: [{ slab: `scores.${h}`, row: i, column: j }],
    }));
    square("masked", "soft", masked, (i, j) => ({
      text: isFinite(masked[i][j])
        ? `${words[i]} may look at ${words[j]}, so the score stays`
        : `${words[j]} comes after ${words[i]}, so nothing is let through`,
      sources: [{ slab: `scaled.${h}`, row: i, column: j }],
    }));
    square("weights", "apple", weights, (i, j) => ({
      text: isFinite(masked[i][j])
        ? `e^${show(masked[i][j])} ÷ ${show(masked[i].reduce((sum, x) => sum + Math.exp(x), 0))}, the total of its row`
        : "e^−∞ is 0: no weight for a word that comes later",
      sources: [{ slab: `masked.${h}`, row: i }],
    }));
    add(`mixed.${h}`, "mixed", "v", output, words, numbered("v", dValue),
      product(`weights.${h}`, weights, `V_up.${h}`, V), h);
  }
  const side = heads.flatMap((h) => numbered(nHeads > 1 ? `h${h + 1}v` : "v", dValue));
  add("concat", "concat", "v", all.concat, words, side, (i, j) => {
    const h = Math.floor(j / dValue);
    return {
      text: `copied from head ${h + 1}`,
      sources: [{ slab: `mixed.${h}`, row: i, column: j % dValue }],
    };
  });
  add("W_O", "W_O", "grey", W.W_O, side, axes, plain("a weight of the model; here set by hand"));
  add("output", "output", "apple", all.output, words, axes,
    product("concat", all.concat, "W_O", W.W_O));

  const hero = words.findIndex((word) => HEROES.includes(word));
  return { words, hero: Math.max(hero, 0), nHeads, dKey, slabs, steps: steps(heads, dKey, causal) };
}

/**
 * The making of a cell of A times B.
 * @param {string} left @param {Matrix} A @param {string} above @param {Matrix} B
 * @returns {Slab["make"]}
 */
function product(left, A, above, B) {
  return (i, j) => {
    const terms = A[i].map((a, k) => ({ a, b: B[k][j] })).filter(({ a, b }) => a * b !== 0);
    const shown = terms.slice(0, 4).map(({ a, b }) => `${tidy(a)} × ${tidy(b)}`);
    const more = terms.length > 4 ? " + …" : "";
    return {
      text: shown.length ? shown.join(" + ") + more : "every product is 0",
      sources: [
        { slab: left, row: i },
        { slab: above, column: j },
      ],
    };
  };
}

/** @param {number[]} heads @param {number} dKey @param {boolean} causal @returns {Step[]} */
function steps(heads, dKey, causal) {
  const each = (/** @type {string} */ name) => heads.map((h) => `${name}.${h}`);
  const projected = (/** @type {string} */ letter, /** @type {string} */ name, /** @type {string} */ job) => ({
    name,
    sentence: `Each row of X times W_${letter} gives that word's ${job}. All words go through the same matrix, and each head has its own columns of it.`,
    left: [letter === "Q" ? "X" : `X_${letter}`],
    above: each(`W_${letter}`),
    result: each(letter),
  });
  return [
    {
      name: "Words",
      sentence: "Each word becomes a row of numbers. From here on, a row is a word: follow the framed one.",
      left: [],
      above: [],
      result: ["X"],
    },
    projected("Q", "Queries", "query: what it is looking for"),
    projected("K", "Keys", "key: what it can be found by"),
    projected("V", "Values", "value: what it hands over"),
    {
      name: "Scores",
      sentence: "Each query meets each key in a dot product. Row: who asks. Column: who is asked, the word itself included.",
      left: each("Q"),
      above: each("K_T"),
      result: each("scores"),
    },
    {
      name: "Scaled",
      sentence: `Divided by √${dKey}, the root of a key's length, scores stay in the range where softmax can still choose gently.`,
      left: each("scores"),
      above: [],
      result: each("scaled"),
    },
    {
      name: "Masked",
      sentence: causal
        ? "The causal mask is on: a word may look at itself and back, never ahead. Later words get −∞."
        : "No mask: every word may look at every word. Switch the causal mask on to see what a GPT may read.",
      left: each("scaled"),
      above: [],
      result: each("masked"),
    },
    {
      name: "Weights",
      sentence: "Softmax turns each row into shares of 1. Each word spends one budget of attention in each head.",
      left: each("masked"),
      above: [],
      result: each("weights"),
    },
    {
      name: "Mixed values",
      sentence: "Each row of weights mixes the rows of V: much of the words it looks at, little of the others.",
      left: each("weights"),
      above: each("V_up"),
      result: each("mixed"),
    },
    {
      name: "Heads side by side",
      sentence: "What the heads found for a word is laid side by side in that word's row. Nothing is added yet.",
      left: each("mixed"),
      above: [],
      result: ["concat"],
    },
    {
      name: "Output",
      sentence: "W_O lets the heads' numbers meet, and brings the row back to the width of X. The word now carries its context.",
      left: ["concat"],
      above: ["W_O"],
      result: ["output"],
    },
  ];
}

/**
 * The slabs in sight, in reading order: those of the step or all, of one head or all. Where the
 * heads are laid side by side, all of them are in sight.
 * @param {Model} model @param {Sight} sight @returns {Slab[]}
 */
export function inSight(model, { step, free, head }) {
  const { left, above, result } = model.steps[step];
  const ids = free ? [...model.slabs.keys()] : [...left, ...above, ...result];
  const joined = !free && result.length === 1;
  const slabs = ids.map((id) => /** @type {Slab} */ (model.slabs.get(id)));
  return slabs.filter((slab) => joined || head === "all" || slab.head === null || slab.head === head);
}

/**
 * Four toy numbers for a word that the book does not have, made from its letters.
 * @param {string} word
 */
export function vectorOf(word) {
  let state = 2166136261; // FNV-1a, 32 bits
  for (const byte of new TextEncoder().encode(word)) {
    state = Math.imul(state ^ byte, 16777619) >>> 0;
  }
  const numbers = [];
  for (let i = 0; i < 3; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers.push(((state >>> 24) % 5) / 2);
  }
  return [...numbers, (state >>> 16) % 2];
}

/**
 * The reader's words as a story: at most ten, known ones with the book's vectors.
 * @param {string} text @param {Record<string, number[]>} known @param {string[]} axes
 * @returns {Story}
 */
export function ownStory(text, known, axes) {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? []).slice(0, 10);
  const X = words.map((word) => (Object.hasOwn(known, word) ? known[word] : vectorOf(word)));
  return { words, axes, X };
}
