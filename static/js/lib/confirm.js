/** Forms with data-confirm ask before they go out, in the dialog that every page carries; from the first moment, so no click slips by. */

/** @type {WeakSet<HTMLFormElement>} */
const agreed = new WeakSet();

/** Watch every form of the page, now and later; to be called before guardForms. */
export function askBefore() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = document.getElementById("confirm");
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || !(dialog instanceof HTMLDialogElement)) return;
    if (agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(dialog, form).then((yes) => {
      if (!yes) return submitter?.focus();
      agreed.add(form);
      form.requestSubmit(submitter);
    });
  }, { capture: true });
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
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** @param {HTMLElement} dialog @param {string} where @param {string} text */
function set(dialog, where, text) {
  const place = dialog.querySelector(where);
  if (place) place.textContent = text;
}
