/**
 * Keeps a page true while it is open. The server tells those whom a thing concerns that it has changed ("changed": about,
 * id), in every tab of theirs; the page says in data-about what it shows: "request:7 series:12", or "request" for any. What
 * it shows now is then read from its own address and put in. Under somebody's hands nothing moves: a line that stays offers
 * to show it, and what was typed comes along. After a lost line the page looks by itself.
 */
import { announce, on, setCount, UNASKED, words } from "../lib/dom.js";
import { offerChange } from "../lib/offer.js";
import { came, fieldsIn, isBox, isTyped } from "../lib/typed.js";

/** @param {HTMLElement} main */
export default function connect(main) {
  const stop = new AbortController();
  const page = new Page(main);
  on(document, "mentorlink:changed", ({ detail }) => concerns(main, detail) && page.soon(150), stop.signal);
  on(document, "mentorlink:line-back", () => main.dataset.refused === undefined && page.soon(Math.random() * 15000), stop.signal);
  on(document, "visibilitychange", () => page.wanted && page.soon(150), stop.signal);
  for (const freed of ["focusout", "close"]) main.addEventListener(freed, () => page.line && page.soon(400), { capture: true, signal: stop.signal });
  return () => (page.leave(), stop.abort());
}

/** @param {HTMLElement} main @param {{about: string, id: number}} news */
function concerns(main, news) {
  const about = (main.dataset.about ?? "").split(/\s+/);
  return about.includes(news.about) || about.includes(`${news.about}:${news.id}`);
}

class Page {
  /** @param {HTMLElement} main */
  constructor(main) {
    this.main = main;
    this.before = told(main);
    this.timer = 0;
    /** News came while nobody looked at the page. */
    this.wanted = false;
    /** @type {AbortController | undefined} */
    this.asking = undefined;
    /** @type {HTMLElement | null} */
    this.line = null;
  }

  leave() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  /** @param {number} wait milliseconds, so that several news of one deed make one look */
  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), wait);
  }

  async look(anyway = false) {
    this.wanted = document.hidden && !anyway;
    if (this.wanted) return;
    if (!anyway && document.querySelector("form[data-busy]")) return this.soon(1000); // its answer is a page of its own
    this.asking?.abort();
    this.asking = new AbortController();
    const answer = await read(this.asking.signal);
    if (!answer) return;
    if (answer.status === 429 || answer.status >= 500) return this.soon(5000 + Math.random() * 10000);
    if (!answer.ok) return [403, 404, 410].includes(answer.status) ? this.offer(() => location.replace(answer.url)) : undefined;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.getElementById("main");
    if (!next || fresh.documentElement.dataset.page !== "ok" || !this.main.isConnected) return;
    if (told(next) === this.before) return this.drop();
    if (!anyway && (handsOn(this.main) || overRead(this.main, next))) return this.offer(() => void this.look(true), overRead(this.main, next));
    this.show(fresh, next, answer.url);
    if (anyway) scrollTo({ top: 0 });
  }

  /** @param {() => void} act @param {string} [say] other words than the usual */
  offer(act, say) {
    this.line = offerChange(this.main, act, this.line, say);
  }

  drop() {
    this.line?.remove();
    this.line = null;
  }

  /** @param {Document} fresh @param {HTMLElement} next @param {string} url */
  show(fresh, next, url) {
    const here = document.activeElement;
    const focus = here && this.main.contains(here) ? here : null;
    const opened = [...this.main.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
    this.before = told(next);
    carry(this.main, next);
    next.querySelectorAll("summary").forEach((one) => opened.includes(one.textContent) && one.parentElement?.setAttribute("open", ""));
    this.drop();
    this.main.dataset.about = next.dataset.about;
    delete this.main.dataset.refused;
    this.main.replaceChildren(...next.childNodes);
    /** @type {any} */ (window).htmx?.process(this.main);
    document.title = fresh.title;
    fresh.querySelectorAll("[data-count]").forEach((one) => {
      const count = /** @type {HTMLElement} */ (one);
      if (!next.contains(count)) setCount(count.dataset.count ?? "", Number.parseInt(count.textContent ?? "", 10) || 0);
    });
    if (url !== location.href.split("#")[0]) history.replaceState(history.state, "", url + location.hash);
    if (focus) focusLike(this.main, focus);
    announce(words(this.main).shown ?? "");
  }
}

/** @param {AbortSignal} signal @returns {Promise<Response | undefined>} */
async function read(signal) {
  try {
    return await fetch(location.href, { headers: UNASKED, signal });
  } catch {
    return undefined; // no line: the page looks again when it is back
  }
}

/** What a page says, without what scripts and the clock make of it. @param {HTMLElement} main */
function told(main) {
  const copy = /** @type {HTMLElement} */ (main.cloneNode(true));
  copy.querySelectorAll("script, noscript, template, .draft-note, .counter, .changed-line, .was-written").forEach((one) => one.remove());
  copy.querySelectorAll("time").forEach((one) => (one.textContent = one.dateTime));
  const leads = [...copy.querySelectorAll("form[action], a[href]")].map((one) => one.getAttribute("action") ?? one.getAttribute("href"));
  return [copy.textContent?.replace(/\s+/g, " ").trim(), ...leads].join("\n");
}

/**
 * What somebody reads before they sign it (data-reading names it, data-reading-changed says that there is another) is not
 * exchanged under their eyes. The words to say so; empty where it is the same.
 * @param {HTMLElement} main @param {HTMLElement} next
 */
function overRead(main, next) {
  const [here, there] = [main, next].map((one) => /** @type {HTMLElement | null} */ (one.querySelector("[data-reading]")));
  return here && here.dataset.reading !== there?.dataset.reading ? (here.dataset.readingChanged ?? "") : "";
}

/** Somebody writes here, has a dialog open, or is to mend what they wrote. @param {HTMLElement} main */
function handsOn(main) {
  const here = document.activeElement;
  const writes = here && main.contains(here) && here.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");
  if (writes || document.querySelector("dialog[open]") || main.querySelector(".was-written") || main.dataset.refused !== undefined) return true;
  return fieldsIn(main).some(isTyped);
}

/**
 * Take along what was typed: into the same form, if the server had put the same words and choices there as now. Whatever else
 * somebody typed, or had sent in vain, stands above as text: sent from the new form it would undo what the other did.
 * @param {HTMLElement} main @param {HTMLElement} next
 */
function carry(main, next) {
  const lost = [...main.querySelectorAll(".was-written")];
  for (const field of fieldsIn(main)) {
    const form = field.form;
    if (!form || !(isTyped(field) || main.dataset.refused !== undefined)) continue;
    const now = twin(field, form, next);
    if (now && came(now) === came(field)) put(field, now);
    else if (said(field) && said(field) !== (now && said(now))) lost.push(remainder(said(field)));
  }
  next.prepend(...lost);
}

/** What a field says now, for a reader. @param {any} field @returns {string} */
function said(field) {
  const label = [...(field.labels ?? [])].map((one) => one.textContent?.trim()).join(" ");
  if (isBox(field)) return field.checked ? label : "";
  if (field.options) return `${label}: ${[...field.selectedOptions].map((one) => one.textContent?.trim()).join(", ")}`;
  return field.files ? "" : field.value.trim();
}

/** The same field of the same form: to the same address, about the same things. @param {any} field @param {HTMLFormElement} form @param {HTMLElement} next @returns {any} */
function twin(field, form, next) {
  const same = [...next.querySelectorAll("form")].filter((one) => one.getAttribute("action") === form.getAttribute("action") && things(one) === things(form));
  const value = isBox(field) ? `[value="${CSS.escape(field.value)}"]` : "";
  return same.map((one) => one.querySelector(`[name="${CSS.escape(field.name)}"]${value}`)).find(Boolean);
}

/** What a form says unseen: of which things, of which version unless the server takes it box by box. @param {HTMLFormElement} form */
function things(form) {
  const but = `[name="csrf_token"], [name="client_id"], [name="draft_key"]${form.dataset.boxes === undefined ? "" : ', [name="version"]'}`;
  const hidden = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`input[type=hidden]:not(${but})`));
  return [...hidden].map(({ name, value }) => `${name}=${value}`).join("\n");
}

/** @param {any} field @param {any} now */
function put(field, now) {
  if (isBox(field)) now.checked = field.checked;
  else if (field.files) now.files = field.files;
  else now.value = field.value;
  if (isTyped(now)) now.closest("dialog")?.setAttribute("data-open", "");
}

/** @param {string} words */
function remainder(words) {
  const mould = /** @type {HTMLTemplateElement | null} */ (document.getElementById("written-mould"));
  const card = /** @type {HTMLElement} */ (mould?.content.firstElementChild?.cloneNode(true) ?? document.createElement("div"));
  const text = card.querySelector(".said");
  if (text) text.textContent = words;
  return card;
}

/** @param {HTMLElement} main @param {Element} before */
function focusLike(main, before) {
  const words = before.textContent?.trim();
  const byId = before.id && main.querySelector(`#${CSS.escape(before.id)}`);
  const again = byId || [...main.querySelectorAll("a, button, summary")].find((one) => words && one.textContent?.trim() === words);
  /** @type {HTMLElement} */ (again || main).focus({ preventScroll: true });
}
