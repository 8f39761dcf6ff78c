// The one script that a page with live figures loads: it finds their places, and fetches each
// figure when it comes near the screen. Until then, and without JavaScript, the picture stays.

import { addColours } from "./looks.mjs";

/** @type {Record<string, () => Promise<unknown>>} */
const FIGURES = {
  mixing: () => import("./mixing.mjs"),
  arrows: () => import("./arrows.mjs"),
  temperature: () => import("./temperature.mjs"),
  swap_keys: () => import("./swap_keys.mjs"),
  scaling: () => import("./scaling.mjs"),
  merge: () => import("./merge.mjs"),
  encoder_decoder: () => import("./encoder_decoder.mjs"),
  learning_path: () => import("./learning_path.mjs"),
  explorer: () => import("./explorer.mjs"),
};

/** @param {HTMLElement} place */
async function bringToLife(place) {
  const name = place.dataset.figure ?? "";
  await FIGURES[name]();
  const figure = document.createElement(`live-${name.replaceAll("_", "-")}`);
  figure.className = "live";
  const picture = place.querySelector("svg, img");
  picture?.before(figure); // inside the picture's own frame, so that its caption does not move
  await /** @type {import("lit").LitElement} */ (figure).updateComplete;
  place.classList.add("is-live");
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      bringToLife(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: "500px" },
);

addColours();
for (const place of document.querySelectorAll(".live-figure")) near.observe(place);
