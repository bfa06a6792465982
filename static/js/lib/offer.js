/** Tells who writes that what they see has changed, and leaves it to them when to look. */
import { announce } from "./dom.js";

/**
 * The line that says so, in the dialog that is open or above all: said once, and moved to where it is seen.
 * @param {Element} holder @param {() => void} act what its button does @param {Element | null} line the one that stands already
 * @param {string} [say] other words than the usual
 * @returns {HTMLElement | null}
 */
export function offerChange(holder, act, line, say) {
  const place = holder.querySelector("dialog[open] .dialog-body") ?? holder;
  if (line?.isConnected) {
    if (line.parentElement !== place) place.prepend(line); // in a dialog that was closed meanwhile nobody sees it
    return /** @type {HTMLElement} */ (line);
  }
  const mould = /** @type {HTMLTemplateElement | null} */ (document.getElementById("changed-mould"));
  const fresh = /** @type {HTMLElement | null} */ (mould?.content.firstElementChild?.cloneNode(true) ?? null);
  if (!fresh) return null;
  const words = fresh.querySelector("span");
  if (say && words) words.textContent = say;
  fresh.querySelector("button")?.addEventListener("click", act);
  place.prepend(fresh);
  announce(words?.textContent ?? "");
  return fresh;
}
