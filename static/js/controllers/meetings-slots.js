/** Takes the times that are chosen along to other days and other lengths. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} element */
export default function connect(element) {
  const stop = new AbortController();
  const form = element.closest("form");
  if (form) on(form, "click", (event) => take(form, event.target.closest(".week-pager a, .lengths a")), stop.signal);
  return () => stop.abort();
}

/** @param {HTMLFormElement} form @param {HTMLAnchorElement | null} link */
function take(form, link) {
  if (!link) return;
  const address = new URL(link.href);
  const chosen = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=slots]:checked"));
  address.searchParams.delete("slots");
  for (const { value } of chosen) address.searchParams.append("slots", value);
  link.href = address.href;
}
