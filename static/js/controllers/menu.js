/** A <details> menu stays within the screen, and closes on Escape, on a click outside, and when the focus leaves it. */
import { on } from "../lib/dom.js";

/** @param {HTMLDetailsElement} menu */
export default function connect(menu) {
  const stop = new AbortController();
  on(document, "pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }, stop.signal);
  on(menu, "toggle", () => stayInside(menu), stop.signal);
  on(menu, "focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  }, stop.signal);
  on(menu, "keydown", (event) => {
    if (event.key === "Escape" && menu.open) close(menu);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(menu, event);
  }, stop.signal);
  return () => stop.abort();
}

const EDGE = 8;

/** @param {HTMLDetailsElement} menu */
function stayInside(menu) {
  const pop = /** @type {HTMLElement | null} */ (menu.querySelector(".menu-pop"));
  if (!menu.open || !pop) return;
  pop.style.translate = "";
  const { left, right } = pop.getBoundingClientRect();
  const beyond = Math.min(0, document.documentElement.clientWidth - EDGE - right);
  const shift = Math.max(EDGE - left, beyond);
  if (left < EDGE || beyond) pop.style.translate = `${shift}px 0`;
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
