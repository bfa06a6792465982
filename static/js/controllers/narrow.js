/** A long list of boxes to tick: a word narrows it, what is ticked stays in sight, and how many are is said. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} box */
export default function connect(box) {
  const stop = new AbortController();
  const field = /** @type {HTMLInputElement} */ (box.querySelector("[data-narrow]"));
  const count = /** @type {HTMLElement} */ (box.querySelector("[data-chosen]"));
  const rows = [...box.querySelectorAll(".form-check")].map((row) => ({
    row: /** @type {HTMLElement} */ (row), input: row.querySelector("input"), text: fold(row.textContent ?? ""),
  }));
  const show = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    for (const { row, input, text } of rows) row.hidden = !input?.checked && !words.every((word) => text.includes(word));
    count.textContent = String(rows.filter(({ input }) => input?.checked).length);
  };
  on(field, "input", show, stop.signal);
  on(field, "keydown", (event) => { if (event.key === "Enter") event.preventDefault(); }, stop.signal);
  on(box, "change", show, stop.signal);
  show();
  return () => stop.abort();
}

/** @param {string} text */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
