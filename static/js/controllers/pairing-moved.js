/** Reads the page again when something about one's places in line has changed; nothing is written on this page. */
import { on } from "../lib/dom.js";

export default function connect() {
  const stop = new AbortController();
  on(document, "mentorlink:place-moved", () => location.reload(), stop.signal);
  return () => stop.abort();
}
