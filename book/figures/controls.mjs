// Controls made of native inputs, so that keyboard, touch and screen readers work as they do elsewhere.

import { html } from "lit";
import { live } from "lit/directives/live.js";

/**
 * @param {{label: unknown, value: number, min: number, max: number, step: number, text: string,
 *   hue?: string, name?: string, change: (value: number) => void}} options
 *   text: the value in words, shown and read out; name: read out instead of the label
 */
export function slider({ label, value, min, max, step, text, hue, name, change }) {
  return html`<label class="slider" style=${hue ? `--hue: var(--live-${hue})` : ""}>
    <span>${label}</span>
    <input
      type="range"
      min=${min}
      max=${max}
      step=${step}
      .value=${live(String(value))}
      aria-label=${name ?? String(label)}
      aria-valuetext=${text}
      @input=${(/** @type {InputEvent} */ event) =>
        change(Number(/** @type {HTMLInputElement} */ (event.target).value))}
    />
    <output aria-hidden="true">${text}</output>
  </label>`;
}

/**
 * One choice out of a few.
 * @param {{legend: string, options: {value: string, label: unknown}[], chosen: string,
 *   change: (value: string) => void}} options
 */
export function choice({ legend, options, chosen, change }) {
  const group = legend.replace(/\W+/g, "-");
  return html`<fieldset>
    <legend>${legend}</legend>
    <div class="choices">
      ${options.map(
        ({ value, label }) => html`<label>
          <input
            type="radio"
            name=${group}
            value=${value}
            .checked=${live(value === chosen)}
            @change=${() => change(value)}
          />${label}
        </label>`,
      )}
    </div>
  </fieldset>`;
}

/** @param {{label: string, on: boolean, change: (on: boolean) => void}} options */
export function toggle({ label, on, change }) {
  return html`<label class="toggle">
    <input
      type="checkbox"
      .checked=${live(on)}
      @change=${(/** @type {Event} */ event) =>
        change(/** @type {HTMLInputElement} */ (event.target).checked)}
    />${label}
  </label>`;
}
