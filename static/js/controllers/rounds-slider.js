/** Brings the present stop into view and lets the arrow keys go from stop to stop; without it the stops are links. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} slider */
export default function connect(slider) {
  const stop = new AbortController();
  const here = slider.querySelector("[aria-current]");
  if (here) slider.scrollLeft = here.getBoundingClientRect().left - slider.getBoundingClientRect().left - slider.clientWidth / 3;
  on(slider, "keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[/** @type {KeyboardEvent} */ (event).key];
    if (!step) return;
    const links = [...slider.querySelectorAll("a")];
    const next = links[links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }, stop.signal);
  return () => stop.abort();
}
