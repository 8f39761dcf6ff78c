// What each figure shows in a state: numbers in, numbers out, nothing drawn.
// The tests compare every function here with NumPy.

import {
  attention,
  attentionScores,
  causalMask,
  concatHeads,
  cosine,
  dot,
  length,
  mix,
  multiply,
  softmax,
} from "./mechanism.mjs";

/** @typedef {import("./mechanism.mjs").Vector} Vector */
/** @typedef {import("./mechanism.mjs").Matrix} Matrix */

/**
 * Give one word a new share of the budget; the others keep their proportions.
 * @param {Vector} weights @param {number} chosen @param {number} share @returns {Vector}
 */
export function rebudget(weights, chosen, share) {
  const others = 1 - weights[chosen];
  const left = 1 - share;
  return weights.map((weight, i) => {
    if (i === chosen) return share;
    return others > 1e-12 ? (weight / others) * left : left / (weights.length - 1);
  });
}

/**
 * The shares that put a mixture of three corners on a point of the plane;
 * a point outside the triangle is pulled to its edge.
 * @param {Vector} point @param {Matrix} corners @returns {Vector}
 */
export function sharesAt(point, corners) {
  const [a, b, c] = corners;
  const area = (b[1] - c[1]) * (a[0] - c[0]) + (c[0] - b[0]) * (a[1] - c[1]);
  const first = ((b[1] - c[1]) * (point[0] - c[0]) + (c[0] - b[0]) * (point[1] - c[1])) / area;
  const second = ((c[1] - a[1]) * (point[0] - c[0]) + (a[0] - c[0]) * (point[1] - c[1])) / area;
  const shares = [first, second, 1 - first - second].map((share) => Math.max(0, share));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** Chapter 3: two arrows. @param {Vector} a @param {Vector} b */
export function arrowsState(a, b) {
  return {
    dot: dot(a, b),
    lengths: [length(a), length(b)],
    cosine: cosine(a, b),
    shadow: dot(a, b) / length(a), // how far b reaches along a
  };
}

/** Chapter 4: shares at a temperature. @param {Vector} scores @param {number} temperature */
export function temperatureState(scores, temperature) {
  const weights = softmax(scores, temperature);
  const total = scores.reduce((sum, score) => sum + score, 0);
  return { weights, plain: scores.map((score) => score / total) };
}

/**
 * Chapter 6: one row of attention with matrices that can be swapped.
 * @param {Matrix} X @param {Matrix} W_Q @param {Matrix} W_K @param {Matrix} W_V
 * @param {number} row @param {boolean} scaled
 */
export function swapState(X, W_Q, W_K, W_V, row, scaled) {
  const [Q, K, V] = [W_Q, W_K, W_V].map((W) => multiply(X, W));
  const divisor = scaled ? Math.sqrt(K[0].length) : 1;
  const scores = attentionScores([Q[row]], K)[0];
  const weights = softmax(scores.map((score) => score / divisor));
  return { Q, K, V, scores, weights, output: mix(weights, V) };
}

/** Chapter 8: one query over its keys, d numbers long. @param {Vector} scores @param {number} d */
export function scalingState(scores, d) {
  const scaled = scores.map((score) => score / Math.sqrt(d));
  return { scores, scaled, weights: softmax(scores), scaledWeights: softmax(scaled) };
}

/**
 * Chapter 9: the heads' numbers, each named by where it came from, merged both ways.
 * @param {number} nHeads @param {number} nTokens @param {number} dHead
 */
export function mergeState(nHeads, nTokens, dHead) {
  let count = 0;
  const heads = Array.from({ length: nHeads }, () =>
    Array.from({ length: nTokens }, () => Array.from({ length: dHead }, () => count++)),
  );
  const inMemory = heads.flat(2); // head after head, as the numbers lie
  const width = nHeads * dHead;
  const wrong = Array.from({ length: nTokens }, (_, i) =>
    inMemory.slice(i * width, (i + 1) * width),
  );
  return { heads, right: concatHeads(heads), wrong };
}

/** Chapter 10: plain scaled attention of one sentence. @param {Matrix} X @param {boolean} causal */
export function maskState(X, causal) {
  const { weights, output } = attention(X, X, X, causal ? causalMask(X.length) : undefined);
  return { weights, output };
}

/** Chapter 13: apple′ from its weights in a sentence. @param {Vector} weights @param {Matrix} X */
export function learningState(weights, X) {
  const apple = mix(weights, X);
  return { apple, lean: apple[0] - apple[1] };
}
