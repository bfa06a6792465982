/** Counts the competencies answered on an assessment sheet, and shows the count at its foot. */
import { on } from "../lib/dom.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  const box = /** @type {HTMLElement | null} */ (form.querySelector("[data-sheet-progress]"));
  if (!box) return () => stop.abort();
  const bar = /** @type {HTMLProgressElement} */ (box.querySelector("progress"));
  const done = /** @type {HTMLElement} */ (box.querySelector("[data-sheet-done]"));

  function count() {
    const names = new Set();
    for (const field of form.querySelectorAll("input[type=radio]:checked")) {
      const { name } = /** @type {HTMLInputElement} */ (field);
      if (name.startsWith("levels.")) names.add(name);
    }
    bar.value = names.size;
    done.textContent = String(names.size);
  }

  box.hidden = false;
  on(form, "change", count, stop.signal);
  count();
  requestAnimationFrame(count);
  setTimeout(count, 300);
  return () => stop.abort();
}
