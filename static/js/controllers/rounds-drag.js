/** Drag a line of the draft onto another: the page that says what it would cost opens, and nothing is moved yet. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} list */
export default function connect(list) {
  const stop = new AbortController();
  /** @type {HTMLElement | null} */
  let dragged = null;
  /** @param {Event} event */
  const line = (event) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-line]"));
  /** @param {HTMLElement | null} under */
  const takes = (under) => Boolean(dragged && under && under !== dragged && under.dataset.mentor && under.dataset.mentor !== dragged.dataset.mentor);
  const clear = () => list.querySelectorAll(".is-target").forEach((each) => each.classList.remove("is-target"));

  on(list, "dragstart", (event) => {
    dragged = line(event);
    dragged?.classList.add("is-dragged");
    /** @type {DragEvent} */ (event).dataTransfer?.setData("text/plain", dragged?.id ?? "");
  }, stop.signal);
  on(list, "dragover", (event) => {
    const under = line(event);
    clear();
    if (!takes(under)) return;
    event.preventDefault();
    under?.classList.add("is-target");
  }, stop.signal);
  on(list, "drop", (event) => {
    const under = line(event);
    if (!takes(under) || !dragged || !under) return;
    event.preventDefault();
    location.assign(`${dragged.dataset.line}?mentor=${encodeURIComponent(under.dataset.mentor ?? "")}`);
  }, stop.signal);
  on(list, "dragend", () => {
    clear();
    dragged?.classList.remove("is-dragged");
    dragged = null;
  }, stop.signal);
  return () => stop.abort();
}
