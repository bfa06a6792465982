/** A POST form goes out once: its button turns busy, a second submit is held back, coming back frees it again. */

/** @param {HTMLFormElement} form */
export function release(form) {
  delete form.dataset.busy;
  form.querySelectorAll('[aria-busy="true"]').forEach((button) => {
    button.removeAttribute("aria-busy");
    const words = /** @type {HTMLElement} */ (button).dataset.rest;
    const label = button.querySelector(".btn-label");
    if (words && label) label.textContent = words;
  });
}

/** @param {HTMLElement | null} button */
function busy(button) {
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector(".btn-label");
  if (label && button.dataset.busyLabel) {
    button.dataset.rest = label.textContent ?? "";
    label.textContent = button.dataset.busyLabel;
  }
}

/** Watch every form of the page, now and later. */
export function guardForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.method !== "post" || form.dataset.once === "off") return;
    if (form.dataset.busy) return event.preventDefault();
    form.dataset.busy = "yes";
    busy(/** @type {HTMLElement | null} */ (event.submitter));
    setTimeout(() => release(form), 20000);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach((form) => release(/** @type {HTMLFormElement} */ (form)));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (form) release(form);
  });
}
