/** Opens the <dialog> that the button names as a modal one; without script the browser shows it as a popover. */
import { on } from "../lib/dom.js";

/** @param {HTMLElement} holder */
export default function connect(holder) {
  const stop = new AbortController();
  on(holder, "click", (event) => {
    const opener = event.target.closest("[popovertarget]");
    const dialog = opener && document.getElementById(opener.getAttribute("popovertarget"));
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (opener.getAttribute("popovertargetaction") === "hide") dialog.close();
    else open(dialog);
  }, stop.signal);
  on(holder, "mentorlink:open", ({ target }) => open(target), stop.signal);
  holder.querySelectorAll("dialog[data-open]").forEach((dialog) => open(/** @type {HTMLDialogElement} */ (dialog)));
  return () => stop.abort();
}

/** @param {HTMLDialogElement} dialog */
function open(dialog) {
  dialog.removeAttribute("popover");
  if (!dialog.open) dialog.showModal();
  dialog.onclick = (event) => {
    const pressed = event.target instanceof Element ? event.target : null;
    if (pressed === dialog || pressed?.closest("[data-close]")) dialog.close();
  };
}
