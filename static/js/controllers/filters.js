/** The filter panel: counts what is set, closes its sheet, and says how many results there are. */
import { announce, on, setCount } from "../lib/dom.js";

/** @param {HTMLElement} panel */
export default function connect(panel) {
  const form = panel.querySelector("form");
  if (!form) return;
  const stop = new AbortController();
  on(form, "change", () => setCount(panel.id, countSet(form)), stop.signal);
  on(form, "htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    const line = document.querySelector(`${form.getAttribute("hx-target")} [data-result-count]`);
    if (line) announce(line.textContent?.trim() ?? "");
  }, stop.signal);
  on(panel, "click", (event) => {
    if (event.target.closest("[data-filters-done]") && panel.matches(":popover-open")) {
      event.preventDefault();
      panel.hidePopover();
    }
  }, stop.signal);
  setCount(panel.id, countSet(form));
  return () => stop.abort();
}

/** @param {HTMLFormElement} form */
function countSet(form) {
  const names = new Set();
  for (const [name, value] of new FormData(form)) {
    const field = /** @type {HTMLElement | null} */ (form.querySelector(`[name="${CSS.escape(name)}"]`));
    if (value && !["sort", "dir", "page"].includes(name) && !field?.closest("[data-filters-skip]")) names.add(name);
  }
  return names.size;
}
