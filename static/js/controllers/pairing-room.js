/** Keeps the free places on a page true while it is open: the server tells everyone when one is taken or given back. */
import { on, words } from "../lib/dom.js";

/** @param {HTMLElement} page */
export default function connect(page) {
  const stop = new AbortController();
  const said = words(page);
  on(document, "mentorlink:offer-room", (event) => show(page, said, event.detail), stop.signal);
  on(document, "mentorlink:line-back", () => catchUp(page), stop.signal);
  return () => stop.abort();
}

/** What was pushed while the line was lost is read from the page as it is now. @param {HTMLElement} page */
async function catchUp(page) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.querySelectorAll("[data-offer-room]").forEach((mark) => {
      const now = fresh.querySelector(`[data-offer-room="${CSS.escape(/** @type {HTMLElement} */ (mark).dataset.offerRoom ?? "")}"]`);
      if (!now) return;
      mark.className = now.className;
      mark.innerHTML = now.innerHTML;
    });
  } catch {
    /* Still no line: the numbers stay until the next time. */
  }
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
