/** Copies data-copy, or the text of what data-copy-from names, and says so. */
import { on, toast } from "../lib/dom.js";

/** @param {HTMLElement} button */
export default function connect(button) {
  const stop = new AbortController();
  on(button, "click", async () => {
    const source = button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
    const text = source ? ("value" in source ? String(source.value) : source.textContent) : button.dataset.copy;
    await navigator.clipboard.writeText(text ?? "");
    toast(button.dataset.copied ?? document.body.dataset.copied ?? "", "good");
  }, stop.signal);
  return () => stop.abort();
}
