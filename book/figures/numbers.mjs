// How numbers are written in the figures.

/** A number as the book prints it, with a true minus sign. @param {number} x @param {number} [digits] */
export function show(x, digits = 2) {
  if (x === -Infinity) return "−∞";
  const text = (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits);
  return text.replace("-", "−");
}

/** (1.30, 0.50) @param {number[]} vector @param {number} [digits] */
export function showVector(vector, digits = 2) {
  return `(${vector.map((x) => show(x, digits)).join(", ")})`;
}

/** A number with at most two decimals and no idle zeros. @param {number} x */
export function tidy(x) {
  const text = show(x);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
