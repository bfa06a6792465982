/** The choice to be seen takes effect when it is made. */
import { post } from "../lib/dom.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const send = () => void post(form.action, form);
  form.addEventListener("change", send);
  return () => form.removeEventListener("change", send);
}
