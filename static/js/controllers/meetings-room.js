/**
 * Keeps the room of a session true while it is open. Small forms go out without leaving the page; what anybody changed is
 * read from the page again when the server says that something has, and after a lost line.
 */
import { on, toast, UNASKED, words } from "../lib/dom.js";
import { offerChange } from "../lib/offer.js";
import { fieldsIn, isTyped } from "../lib/typed.js";

/** @param {HTMLElement} room */
export default function connect(room) {
  const stop = new AbortController();
  let asked = 0;
  const look = () => {
    clearTimeout(asked);
    asked = setTimeout(() => void read(room), 150);
  };
  on(document, "mentorlink:meeting", ({ detail }) => mine(room, detail) && detail.part !== "notes" && look(), stop.signal);
  on(document, "mentorlink:changed", ({ detail }) => detail.about === "series" && String(detail.id) === room.dataset.series && look(), stop.signal);
  on(document, "mentorlink:line-back", look, stop.signal);
  on(room, "submit", (event) => void send(room, event), stop.signal);
  return () => (clearTimeout(asked), stop.abort());
}

/** An action of an earlier session has no room of its own. @param {HTMLElement} room @param {{meeting_id: number}} news */
function mine(room, news) {
  return !news.meeting_id || String(news.meeting_id) === room.dataset.meeting || room.querySelector("#actions") !== null;
}

/** @param {HTMLElement} room @param {SubmitEvent} event */
async function send(room, event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-quiet]") || event.defaultPrevented || form.dataset.loud !== undefined) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const before = new FormData(form).get("text");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !fresh.querySelector(".meet")) return loud(form, event.submitter);
    form.dispatchEvent(new Event("mentorlink:sent"));
    fresh.querySelectorAll("#toasts > .toast").forEach((one) => toast(one.querySelector(".toast-text")?.textContent?.trim() ?? "", /** @type {HTMLElement} */ (one).dataset.tone));
    const field = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=text]"));
    if (field && field.value === before && !field.defaultValue) field.value = "";
    show(room, fresh, form, data);
  } catch {
    form.dispatchEvent(new Event("mentorlink:unsent"));
    const { notSaved, notSent } = words(room);
    toast(form.dataset.draft ? notSaved : notSent, "bad");
  }
}

/** The server has more to say than fits in here: let the browser show it. @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function loud(form, submitter) {
  form.dataset.loud = "";
  form.requestSubmit(submitter);
}

/** @param {HTMLElement} room @returns {Promise<unknown>} */
async function read(room) {
  if (document.querySelector("form[data-busy]")) return new Promise((done) => setTimeout(done, 1000)).then(() => room.isConnected && read(room));
  try {
    const answer = await fetch(location.pathname, { headers: UNASKED });
    if (!answer.ok) return undefined;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = /** @type {HTMLElement | null} */ (fresh.querySelector(".meet"));
    show(room, fresh);
    return now && now.dataset.state !== room.dataset.state && turn(room, answer.url);
  } catch {
    return undefined; // no line: it is read again when it is back
  }
}

/** When somebody last set out for another page: who is on their way is not called back. */
let leaving = 0;
window.addEventListener("beforeunload", () => (leaving = Date.now()));

/** It was moved, held, called off: another page. Who writes is told, and opens it when they are ready; drafts are kept. @param {HTMLElement} room @param {string} url */
function turn(room, url) {
  if (Date.now() - leaving < 5000) return undefined;
  const here = document.activeElement;
  const writes = here && room.contains(here) && here.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  if (!writes && !document.querySelector("dialog[open]") && !fieldsIn(room).some(isTyped)) return location.replace(url);
  return offerChange(room, () => location.replace(url), room.querySelector(".changed-line"));
}

/** Put in what has changed, but nothing under somebody's hands. @param {HTMLElement} room @param {Document} fresh @param {HTMLFormElement} [sent] @param {FormData} [data] what it was sent with */
function show(room, fresh, sent, data) {
  room.querySelectorAll("[data-live]").forEach((part) => {
    const name = /** @type {HTMLElement} */ (part).dataset.live ?? "";
    const now = fresh.querySelector(`[data-live="${CSS.escape(name)}"]`);
    if (!now || same(part, now)) return;
    if (/** @type {HTMLElement} */ (part).dataset.mine !== undefined && !(sent && part.contains(sent))) return;
    const typed = [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].map((field) => /** @type {any} */ (field));
    const here = document.activeElement;
    const held = part.contains(here) && here?.matches("input, textarea, select") ? here?.id : "";
    if (part.querySelector("details[open], dialog[open]") && !(sent && part.contains(sent))) return;
    const taken = (/** @type {any} */ field) => part.matches("[data-mine]") && data?.get(field.name) === field.value;
    const kept = typed.filter((field) => field.id && !field.closest(".menu-form") && !taken(field)).map((field) => [field.id, field.value]);
    const focus = part.contains(here) ? label(here) : "";
    part.innerHTML = now.innerHTML;
    for (const [id, value] of kept) {
      const field = /** @type {any} */ (part.querySelector(`#${CSS.escape(id)}`));
      if (field) field.value = value;
    }
    const again = held ? part.querySelector(`#${CSS.escape(held)}`) : focus && [...part.querySelectorAll("button")].find((one) => label(one) === focus);
    if (again) /** @type {HTMLElement} */ (again).focus();
  });
}

/** @param {Element | null} element */
function label(element) {
  return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
}

/** Tokens differ on every page; what is read does not. @param {Element} one @param {Element} other */
function same(one, other) {
  const plain = (/** @type {Element} */ part) => part.innerHTML.replace(/(name="csrf_token"[^>]*)value="[^"]*"/g, "$1");
  return plain(one) === plain(other);
}
