/** Asks before a form goes out, in the dialog that every page carries. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} element a form, or a submit button of one */
export default function connect(element) {
  const stop = new AbortController();
  const form = element instanceof HTMLFormElement ? element : element.closest("form");
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("confirm"));
  if (!form || !dialog) return;
  let agreed = false;
  form.addEventListener("submit", (event) => {
    const asks = element === form || event.submitter === element;
    if (!asks || agreed) return void (agreed = false);
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(dialog, element).then((yes) => {
      if (!yes) return submitter?.focus();
      agreed = true;
      form.requestSubmit(submitter);
    });
  }, { signal: stop.signal, capture: true });
  return () => stop.abort();
}

/** @param {HTMLDialogElement} dialog @param {HTMLElement} element @returns {Promise<boolean>} */
function ask(dialog, { dataset }) {
  const yes = /** @type {HTMLElement} */ (dialog.querySelector("[value=yes]"));
  yes.className = `btn btn-${dataset.confirmKind ?? "danger"}`;
  yes.textContent = dataset.confirmAction ?? yes.dataset.usual ?? "";
  set(dialog, "h2", dataset.confirmTitle ?? dialog.dataset.title ?? "");
  set(dialog, "p", dataset.confirm ?? "");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => on(dialog, "close", () => resolve(dialog.returnValue === "yes"), AbortSignal.timeout(3600000)));
}

/** @param {HTMLElement} dialog @param {string} where @param {string} text */
function set(dialog, where, text) {
  const place = dialog.querySelector(where);
  if (place) place.textContent = text;
}
