/** Lets the arrow keys step along the slider, as on any slider; without it the stops are links. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} slider */
export default function connect(slider) {
  const stop = new AbortController();
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
