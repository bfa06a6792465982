/** A <details> menu closes on Escape, on a click outside, and when the focus leaves it. */
import { on } from "../lib/dom.js";

/** @param {HTMLDetailsElement} menu */
export default function connect(menu) {
  const stop = new AbortController();
  on(document, "pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }, stop.signal);
  on(menu, "focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  }, stop.signal);
  on(menu, "keydown", (event) => {
    if (event.key === "Escape" && menu.open) close(menu);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(menu, event);
  }, stop.signal);
  return () => stop.abort();
}

/** @param {HTMLDetailsElement} menu */
function close(menu) {
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** @param {HTMLDetailsElement} menu @param {KeyboardEvent} event */
function step(menu, event) {
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu-pop :is(a, button)")]);
  if (!menu.open || !items.length) return;
  event.preventDefault();
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  items[(next + items.length) % items.length].focus();
}
