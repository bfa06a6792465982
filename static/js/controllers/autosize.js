/** A textarea as tall as its text, where the browser does not do that by itself. */
import { on } from "../lib/dom.js";

/** @param {HTMLTextAreaElement} area */
export default function connect(area) {
  if (CSS.supports("field-sizing", "content")) return;
  const stop = new AbortController();
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  for (const type of ["input", "change"]) on(area, type, fit, stop.signal);
  fit();
  return () => stop.abort();
}
