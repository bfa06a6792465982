/** Signing out forgets the drafts kept on this device. */
import { on } from "../lib/dom.js";
import { dropAllDrafts } from "../lib/drafts.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  on(form, "submit", dropAllDrafts, stop.signal);
  return () => stop.abort();
}
