// Dragging with mouse, pen or finger. The keyboard's way is the sliders beside the picture.

import { drag } from "d3-drag";
import { select } from "d3-selection";

/**
 * Let a handle be dragged; `moved` gets its place in the units of the drawing.
 * @param {Element} handle @param {(x: number, y: number) => void} moved
 */
export function draggable(handle, moved) {
  const svg = /** @type {SVGSVGElement} */ (handle.closest("svg"));
  const behaviour = drag()
    .container(() => /** @type {any} */ (svg))
    .subject((event) => event)
    .on("drag", (event) => moved(event.x, event.y));
  select(handle).call(/** @type {any} */ (behaviour));
}
