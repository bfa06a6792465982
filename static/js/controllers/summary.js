/** A list of faults takes the focus, and its links bring one into the field. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} box */
export default function connect(box) {
  const stop = new AbortController();
  box.querySelectorAll('a[href^="#"]').forEach((link) => name(/** @type {HTMLAnchorElement} */ (link)));
  box.focus();
  on(box, "click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus();
  }, stop.signal);
  return () => stop.abort();
}

/** Several fields may have the same fault: say of which each line speaks. @param {HTMLAnchorElement} link */
function name(link) {
  const field = document.getElementById(link.hash.slice(1));
  const group = field?.matches("[type=radio], [type=checkbox]") ? field.closest("fieldset")?.querySelector("legend") : null;
  const words = group ?? document.querySelector(`label[for="${CSS.escape(field?.id ?? "")}"]`);
  const copy = /** @type {HTMLElement | undefined} */ (words?.cloneNode(true));
  copy?.querySelectorAll(".optional").forEach((element) => element.remove());
  const label = copy?.textContent?.trim();
  if (label && !link.querySelector("b")) link.prepend(Object.assign(document.createElement("b"), { textContent: label }), ": ");
}
