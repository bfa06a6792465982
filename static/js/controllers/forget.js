/** Signing out forgets the drafts kept on this device, and files that nothing written waits with. */
import { dropFiles, tooOld } from "../lib/blobs.js";
import { on } from "../lib/dom.js";
import { dropAllDrafts } from "../lib/drafts.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  on(form, "submit", forget, stop.signal);
  return () => stop.abort();
}

/** What was sent and waits for the line stays, with its files: it belongs to its writer and goes out when they are back. */
function forget() {
  dropAllDrafts();
  const waiting = Object.keys(localStorage).filter((key) => key.startsWith("mentorlink.outbox."));
  const words = waiting.map((key) => localStorage.getItem(key)).join(" ");
  dropFiles((key, at) => tooOld(at) || !words.includes(key));
}
