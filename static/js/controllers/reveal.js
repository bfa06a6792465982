/** Shows and hides a password; the button carries both labels. */
import { on } from "../lib/dom.js";

/** @param {HTMLButtonElement} button */
export default function connect(button) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(button.getAttribute("aria-controls") ?? ""));
  if (!field) return;
  const stop = new AbortController();
  button.hidden = false;
  on(button, "click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  }, stop.signal);
  return () => stop.abort();
}
