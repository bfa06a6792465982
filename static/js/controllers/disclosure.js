/** A button that shows and hides what its aria-controls names; without script that is simply there. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} button */
export default function connect(button) {
  const target = document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!target) return;
  const stop = new AbortController();
  const set = (open) => {
    button.setAttribute("aria-expanded", String(open));
    target.hidden = !open;
  };
  set(button.getAttribute("aria-expanded") === "true");
  on(button, "click", () => set(target.hidden), stop.signal);
  return () => stop.abort();
}
