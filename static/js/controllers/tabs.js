/** Sections of one page as tabs; without script the tabs are jumps within the page. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} holder */
export default function connect(holder) {
  const list = holder.querySelector(".tabs");
  const tabs = /** @type {HTMLAnchorElement[]} */ ([...holder.querySelectorAll('.tabs a[href^="#"]')]);
  if (!list || !tabs.length) return;
  const stop = new AbortController();
  const row = document.createElement("div");
  row.className = list.className;
  row.setAttribute("role", "tablist");
  if (list.ariaLabel) row.ariaLabel = list.ariaLabel;
  row.append(...tabs);
  list.replaceWith(row);
  for (const tab of tabs) dress(tab);
  on(row, "click", (event) => {
    const tab = event.target.closest("a");
    if (!tab) return;
    event.preventDefault();
    show(tabs, tab);
    history.replaceState(history.state, "", tab.hash);
  }, stop.signal);
  on(row, "keydown", (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const here = tabs.indexOf(event.target);
    if (!turn || here < 0) return;
    const next = tabs[(here + turn + tabs.length) % tabs.length];
    show(tabs, next);
    next.focus();
  }, stop.signal);
  show(tabs, tabs.find((tab) => tab.hash === location.hash) ?? tabs[0]);
  return () => stop.abort();
}

/** @param {HTMLAnchorElement} tab */
function dress(tab) {
  const panel = document.getElementById(tab.hash.slice(1));
  tab.setAttribute("role", "tab");
  tab.id ||= `tab-${tab.hash.slice(1)}`;
  tab.removeAttribute("aria-current");
  tab.setAttribute("aria-controls", tab.hash.slice(1));
  panel?.setAttribute("role", "tabpanel");
  panel?.setAttribute("aria-labelledby", tab.id);
}

/** @param {HTMLAnchorElement[]} tabs @param {HTMLAnchorElement} chosen */
function show(tabs, chosen) {
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    document.getElementById(tab.hash.slice(1))?.toggleAttribute("hidden", tab !== chosen);
  }
}
