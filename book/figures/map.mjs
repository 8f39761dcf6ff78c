// The small map of the book: the axes (tech, fruit) and one dot per word.

import { svg } from "lit";
import { scaleLinear } from "d3-scale";

/** @typedef {import("lit").TemplateResult} Template */
/** @typedef {{name: string, at: number[], hue?: string, hollow?: boolean, side?: "left" | "right",
 *   below?: boolean, small?: boolean}} Dot */

export const WIDTH = 330;
export const HEIGHT = 300;
const EDGE = { left: 38, right: 14, top: 12, bottom: 40 };

/**
 * The scales of a map, x to the right and y upwards, with equal units.
 * @param {number[]} xs the smallest and largest x @param {number[]} ys
 */
export function mapScales(xs, ys) {
  const across = WIDTH - EDGE.left - EDGE.right;
  const up = HEIGHT - EDGE.top - EDGE.bottom;
  const unit = Math.min(across / (xs[1] - xs[0]), up / (ys[1] - ys[0]));
  const right = EDGE.left + unit * (xs[1] - xs[0]);
  const bottom = EDGE.top + unit * (ys[1] - ys[0]);
  return {
    x: scaleLinear().domain(xs).range([EDGE.left, right]),
    y: scaleLinear().domain(ys).range([bottom, EDGE.top]),
    right,
    bottom,
  };
}

/** @typedef {ReturnType<typeof mapScales>} Scales */

/**
 * Grid lines, axes and their names.
 * @param {Scales} scales @param {string[]} [names] @param {number} [step]
 */
export function mapGround({ x, y, right, bottom }, names = ["tech", "fruit"], step = 1) {
  const whole = (/** @type {number[]} */ [low, high]) => {
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    return Array.from({ length: count }, (_, i) => (first + i) * step);
  };
  return svg`
    ${whole(x.domain()).map(
      (tick) => svg`
        <line x1=${x(tick)} x2=${x(tick)} y1=${EDGE.top} y2=${bottom} stroke="var(--live-rule)"
          stroke-width=${tick === 0 ? 1.6 : 0.8} />
        <text class="soft" x=${x(tick)} y=${bottom + 16} text-anchor="middle" font-size="11">
          ${String(tick).replace("-", "−")}</text>`,
    )}
    ${whole(y.domain()).map(
      (tick) => svg`
        <line y1=${y(tick)} y2=${y(tick)} x1=${EDGE.left} x2=${right} stroke="var(--live-rule)"
          stroke-width=${tick === 0 ? 1.6 : 0.8} />
        <text class="soft" x=${EDGE.left - 6} y=${y(tick) + 4} text-anchor="end" font-size="11">
          ${String(tick).replace("-", "−")}</text>`,
    )}
    <text class="soft" x=${(EDGE.left + right) / 2} y=${bottom + 34} text-anchor="middle">
      ${names[0]} →</text>
    <text class="soft" transform=${`translate(12 ${(EDGE.top + bottom) / 2}) rotate(-90)`}
      text-anchor="middle">${names[1]} →</text>`;
}

/** A word on the map. @param {Scales} scales @param {Dot} dot */
export function mapDot({ x, y }, { name, at, hue = "ink", hollow, side = "right", below, small }) {
  const colour = `var(--live-${hue})`;
  const ink = `var(--live-${["q", "k", "v", "apple"].includes(hue) ? `${hue}-text` : hue})`;
  return svg`<g class="glide" style=${`transform: translate(${x(at[0])}px, ${y(at[1])}px)`}>
    <circle r=${small ? 3.5 : 5.5} fill=${hollow ? "var(--live-paper)" : colour} stroke=${colour}
      stroke-width="2.2" />
    <text x=${side === "right" ? 9 : -9} y=${below ? 17 : -8}
      text-anchor=${side === "right" ? "start" : "end"} style=${`fill: ${ink}`}>${name}</text>
  </g>`;
}

/**
 * An arrow between two points of the plane, drawn without a marker so that it can glide.
 * @param {Scales} scales @param {number[]} from @param {number[]} to
 * @param {{hue?: string, width?: number, opacity?: number, short?: number}} [look]
 *   short: how many units before the tip it ends
 */
export function mapArrow({ x, y }, from, to, { hue = "apple", width = 2, opacity = 1, short = 0 } = {}) {
  const [x1, y1, x2, y2] = [x(from[0]), y(from[1]), x(to[0]), y(to[1])];
  const size = Math.hypot(x2 - x1, y2 - y1);
  if (size < short + 4) return svg``;
  const [ux, uy] = [(x2 - x1) / size, (y2 - y1) / size];
  const [tx, ty] = [x2 - ux * short, y2 - uy * short];
  const head = 5 + width;
  const left = [tx - ux * head - uy * head * 0.5, ty - uy * head + ux * head * 0.5];
  const right = [tx - ux * head + uy * head * 0.5, ty - uy * head - ux * head * 0.5];
  return svg`<g opacity=${opacity} stroke=${`var(--live-${hue})`} fill=${`var(--live-${hue})`}>
    <line x1=${x1} y1=${y1} x2=${tx - ux * head * 0.8} y2=${ty - uy * head * 0.8}
      stroke-width=${width} />
    <path d=${`M${tx} ${ty}L${left}L${right}Z`} stroke="none" />
  </g>`;
}
