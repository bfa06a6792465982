/** Keeps the free places on a page true while it is open: the server tells everyone when one is taken or given back. */
import { on, words } from "../lib/dom.js";

/** @param {HTMLElement} page */
export default function connect(page) {
  const stop = new AbortController();
  const said = words(page);
  on(document, "mentorlink:offer-room", (event) => show(page, said, event.detail), stop.signal);
  return () => stop.abort();
}

/** @param {HTMLElement} page @param {{none: string, one: string, some: string}} said @param {{offer_id: number, free: number}} news */
function show(page, said, news) {
  const marks = page.querySelectorAll(`[data-offer-room="${CSS.escape(String(news.offer_id))}"]`);
  const own = /** @type {HTMLElement} */ (page).dataset.offerRoom === String(news.offer_id) ? [page] : [];
  [...marks, ...own].forEach((mark) => {
    const place = mark.querySelector("[data-room-words]");
    if (place) place.textContent = sentence(said, news.free);
    mark.classList.toggle("tone-good", news.free > 0);
    mark.classList.toggle("tone-neutral", news.free <= 0);
    mark.classList.add("is-fresh");
  });
}

/** @param {{none: string, one: string, some: string}} said @param {number} free */
function sentence(said, free) {
  if (free <= 0) return said.none;
  return free === 1 ? said.one : said.some.replace("987", String(free));
}
