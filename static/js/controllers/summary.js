/** A list of faults takes the focus, and its links bring one into the field. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} box */
export default function connect(box) {
  const stop = new AbortController();
  box.focus();
  on(box, "click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus();
  }, stop.signal);
  return () => stop.abort();
}
