/** A toast goes away by itself unless it reports a fault, is read, or holds the focus. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} item */
export default function connect(item) {
  const stop = new AbortController();
  let timer = 0;
  const leave = () => {
    item.classList.add("leaving");
    setTimeout(() => item.remove(), 250);
  };
  const wait = () => {
    if (item.dataset.tone !== "bad") timer = setTimeout(leave, 8000);
  };
  const hold = () => clearTimeout(timer);
  on(item, "click", (event) => event.target.closest("[data-close]") && leave(), stop.signal);
  for (const type of ["pointerenter", "focusin"]) on(item, type, hold, stop.signal);
  for (const type of ["pointerleave", "focusout"]) on(item, type, wait, stop.signal);
  wait();
  return () => (hold(), stop.abort());
}
