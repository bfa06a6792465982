/** Sends its form when a field of it changes. */
import { on } from "../lib/dom.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  on(form, "change", () => form.requestSubmit(), stop.signal);
  return () => stop.abort();
}
