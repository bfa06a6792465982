/** Opens the explanation behind a link in the page's dialog; without it the link leads to a page that says the same. */
import { on } from "../lib/dom.js";

/** @param {HTMLAnchorElement} link */
export default function connect(link) {
  const stop = new AbortController();
  on(link, "click", (event) => {
    const dialog = document.getElementById(link.dataset.dialog ?? "");
    if (!dialog?.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link, dialog);
  }, stop.signal);
  return () => stop.abort();
}

/** @param {HTMLAnchorElement} link @param {HTMLElement} dialog */
async function show(link, dialog) {
  const body = dialog.querySelector(".dialog-body");
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || !body) throw new Error(String(answer.status));
    body.innerHTML = await answer.text();
    dialog.showPopover();
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}
