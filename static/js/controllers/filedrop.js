/** A file field that shows what was chosen or dropped, with its size. */
import { locale, on } from "../lib/dom.js";

/** @param {HTMLElement} box */
export default function connect(box) {
  const input = /** @type {HTMLInputElement | null} */ (box.querySelector("input[type=file]"));
  const name = box.querySelector(".file-drop-name");
  if (!input || !name) return;
  const stop = new AbortController();
  const rest = name.textContent;
  const size = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
  on(input, "change", () => {
    const file = input.files?.[0];
    name.textContent = file ? `${file.name} · ${size.format(Math.max(file.size / 1024, 0.1))} kB` : rest;
    box.classList.toggle("filled", Boolean(file));
  }, stop.signal);
  for (const type of ["dragenter", "dragover"]) on(box, type, () => box.classList.add("over"), stop.signal);
  for (const type of ["dragleave", "drop"]) on(box, type, () => box.classList.remove("over"), stop.signal);
  return () => stop.abort();
}
