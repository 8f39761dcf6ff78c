// The mechanism of attention: what every figure and the explorer compute with.
// A row is a token. Scores are numbers before softmax, weights after it.

/** @typedef {number[]} Vector */
/** @typedef {number[][]} Matrix */
/** @typedef {boolean[][]} Mask  true: this query may attend to this key */
/** @typedef {{Q: Matrix, K: Matrix, V: Matrix, scores: Matrix, scaled: Matrix,
 *   masked: Matrix, weights: Matrix, output: Matrix}} Head */

/** @param {Vector} a @param {Vector} b */
export function dot(a, b) {
  return a.reduce((sum, number, i) => sum + number * b[i], 0);
}

/** How long the arrow is. @param {Vector} a */
export function length(a) {
  return Math.sqrt(dot(a, a));
}

/** Length set aside: 1 for the same direction, 0 for a right angle. @param {Vector} a @param {Vector} b */
export function cosine(a, b) {
  return dot(a, b) / (length(a) * length(b));
}

/** @param {Matrix} A @returns {Matrix} */
export function transpose(A) {
  return A[0].map((_, j) => A.map((row) => row[j]));
}

/** The matrix product. @param {Matrix} A @param {Matrix} B @returns {Matrix} */
export function multiply(A, B) {
  const columns = transpose(B);
  return A.map((row) => columns.map((column) => dot(row, column)));
}

/** A weighted sum of rows. @param {Vector} weights @param {Matrix} X @returns {Vector} */
export function mix(weights, X) {
  return X[0].map((_, j) => weights.reduce((sum, weight, i) => sum + weight * X[i][j], 0));
}

/**
 * Scores become shares of 1; a masked score is -Infinity and gets exactly 0.
 * @param {Vector} scores @param {number} [temperature] @returns {Vector}
 */
export function softmax(scores, temperature = 1) {
  const tempered = scores.map((score) => score / temperature);
  const largest = Math.max(...tempered);
  const strengths = tempered.map((score) => Math.exp(score - largest));
  const total = strengths.reduce((sum, strength) => sum + strength, 0);
  return strengths.map((strength) => strength / total);
}

/** Each query meets each key. @param {Matrix} Q @param {Matrix} K @returns {Matrix} */
export function attentionScores(Q, K) {
  return Q.map((query) => K.map((key) => dot(query, key)));
}

/** Row i may look at the columns 0 to i. @param {number} n @returns {Mask} */
export function causalMask(n) {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => j <= i));
}

/**
 * One head, with every step kept.
 * @param {Matrix} Q @param {Matrix} K @param {Matrix} V @param {Mask} [mask] @returns {Head}
 */
export function attention(Q, K, V, mask) {
  const scores = attentionScores(Q, K);
  const root = Math.sqrt(K[0].length);
  const scaled = scores.map((row) => row.map((score) => score / root));
  const masked = scaled.map((row, i) =>
    row.map((score, j) => (!mask || mask[i][j] ? score : -Infinity)),
  );
  const weights = masked.map((row) => softmax(row));
  return { Q, K, V, scores, scaled, masked, weights, output: multiply(weights, V) };
}

/** Cut the columns into heads. @param {Matrix} X @param {number} nHeads @returns {Matrix[]} */
export function splitHeads(X, nHeads) {
  const size = X[0].length / nHeads;
  return Array.from({ length: nHeads }, (_, h) =>
    X.map((row) => row.slice(h * size, (h + 1) * size)),
  );
}

/** Lay the heads of each token side by side. @param {Matrix[]} heads @returns {Matrix} */
export function concatHeads(heads) {
  return heads[0].map((_, i) => heads.flatMap((head) => head[i]));
}

/**
 * The whole of multi-head self-attention, with every step kept.
 * @param {Matrix} X
 * @param {{W_Q: Matrix, W_K: Matrix, W_V: Matrix, W_O: Matrix}} W
 * @param {number} nHeads
 * @param {Mask} [mask]
 */
export function multiHeadAttention(X, W, nHeads, mask) {
  const [Q, K, V] = [W.W_Q, W.W_K, W.W_V].map((weights) => multiply(X, weights));
  const [queries, keys, values] = [Q, K, V].map((rows) => splitHeads(rows, nHeads));
  const heads = queries.map((query, h) => attention(query, keys[h], values[h], mask));
  const concat = concatHeads(heads.map((head) => head.output));
  return { Q, K, V, heads, concat, output: multiply(concat, W.W_O) };
}
