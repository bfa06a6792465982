/** Shows one's suggestions anew when levels, room or wishes have changed somewhere; not more often than is good for anybody. */
import { on } from "../lib/dom.js";

const REST = 8000;
const SPREAD = 2500;

/** @param {HTMLElement} place */
export default function connect(place) {
  const stop = new AbortController();
  let waiting = 0;
  let last = 0;
  const later = () => {
    if (waiting || document.hidden) return;
    const rest = Math.max(0, last + REST - Date.now());
    waiting = window.setTimeout(async () => {
      last = Date.now();
      await renew(place);
      waiting = 0;
    }, rest + 200 + Math.random() * SPREAD);
  };
  on(document, "mentorlink:pool-moved", later, stop.signal);
  on(document, "mentorlink:line-back", later, stop.signal);
  on(document, "visibilitychange", later, stop.signal);
  return () => {
    stop.abort();
    clearTimeout(waiting);
  };
}

/** @param {HTMLElement} place */
async function renew(place) {
  try {
    const answer = await fetch(place.dataset.src ?? "", { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return;
    const html = (await answer.text()).trim();
    const mould = document.createElement("template");
    mould.innerHTML = html;
    if (mould.content.textContent?.replace(/\s+/g, " ").trim() === place.textContent?.replace(/\s+/g, " ").trim()) return;
    if (place.contains(document.activeElement)) return;
    place.replaceChildren(mould.content);
    place.hidden = !place.childElementCount;
    place.classList.add("is-fresh");
  } catch {
    /* No line: the page stays as it is until the next news or reload. */
  }
}
