/** How many characters a textarea has left; spoken only when few are. */
import { announce, on } from "../lib/dom.js";

/** @param {HTMLElement} line with data-for, data-left ("0 left") */
export default function connect(line) {
  const area = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(line.dataset.for ?? ""));
  if (!area) return;
  const stop = new AbortController();
  const figure = new Intl.NumberFormat(document.documentElement.lang);
  const show = () => {
    const left = area.maxLength - area.value.length;
    const near = left <= Math.max(20, area.maxLength * 0.05);
    line.textContent = near ? (line.dataset.left ?? "").replace("0", figure.format(left)) : `${figure.format(area.value.length)} / ${figure.format(area.maxLength)}`;
    line.classList.toggle("near", near);
    if (near && left % 10 === 0) announce(line.textContent);
  };
  on(area, "input", show, stop.signal);
  show();
  return () => stop.abort();
}
