/**
 * Shared notes that are written by several at once. Each keystroke is kept on this device until the server has it: through a
 * reload, a crash and a lost line. What a closed page left behind is sent by the next one.
 */
import { csrf, on, UNASKED, words } from "../lib/dom.js";
import { moved } from "../notes/change.js";
import { SharedText } from "../notes/text.js";

const PAUSE = 250;
const LOOK = 15000;
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  const area = /** @type {HTMLTextAreaElement} */ (form.querySelector("[name=body]"));
  const said = words(form);
  const shelf = new Shelf(`mentorlink.notes.${document.documentElement.dataset.person}.${form.dataset.meeting}.`);
  let text = SharedText.begin(Number(form.dataset.seq), area.defaultValue);
  let timer = 0;
  let busy = false;
  let again = false;
  let composing = false;
  let wait = PAUSE;
  let written = 0;

  const keep = () => shelf.keep(text.clean ? null : text.kept());
  const say = (/** @type {string} */ state) => {
    const line = form.querySelector("#notes-status");
    if (line && form.dataset.state !== state) line.replaceChildren(said[state], ...(state === "signedOut" ? [" ", signInLink(form, said.signIn)] : []));
    form.dataset.state = state;
  };
  const later = (/** @type {number} */ pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => void sync(), pause);
  };
  const show = (/** @type {import("../notes/change.js").Change[]} */ seen) => {
    let value = area.value;
    let [start, end] = [area.selectionStart, area.selectionEnd];
    for (const change of seen) {
      [start, end] = [moved(value, start, change), moved(value, end, change)];
      value = applied(value, change);
    }
    if (area.value === text.text) return;
    const top = area.scrollTop;
    area.value = text.text;
    area.setSelectionRange(start, end);
    area.scrollTop = top;
  };
  // A word that an input method is still putting together is the method's: nothing is put into the field until it is done.
  let composed = Promise.resolve();
  const compose = () => {
    composing = true;
    composed = new Promise((done) => area.addEventListener("compositionend", () => done(undefined), { once: true, signal: stop.signal }));
  };
  const take = () => (text.text = area.value.replace(invisible, ""));

  async function sync() {
    if (busy || composing) return void (again = true);
    busy = true;
    take();
    try {
      const done = await round(form, text);
      const theirs = done.changes.filter((/** @type {any} */ one) => one.id !== text.id);
      if (composing) await composed;
      take();
      show(text.receive(done.changes));
      if (theirs.length) writes(theirs.at(-1).by);
      wait = PAUSE;
      say(text.clean ? "saved" : "saving");
      again ||= !text.clean;
    } catch (problem) {
      const why = problem instanceof Refused ? "refused" : problem instanceof SignedOut ? "signedOut" : "offline";
      say(why);
      if (why !== "refused") later((wait = Math.min(wait * 2, why === "offline" ? 10000 : LOOK)));
      again = false;
    }
    keep();
    busy = false;
    if (again) {
      again = false;
      later(PAUSE);
    }
  }

  const writes = (/** @type {string} */ name) => {
    const line = form.querySelector("#notes-writes");
    if (!line || !name) return;
    line.textContent = said.writes.replace("NAME", name);
    clearTimeout(written);
    written = setTimeout(() => (line.textContent = ""), 4000);
  };

  async function begin() {
    await shelf.open();
    const own = shelf.own();
    if (own && area.value !== area.defaultValue && area.value !== own.text) shelf.putAside(own);
    else if (own) {
      text = new SharedText(own);
      area.value = text.text;
    }
    form.querySelector("[data-plain]")?.setAttribute("hidden", "");
    on(area, "compositionstart", compose, stop.signal);
    on(area, "compositionend", () => {
      composing = false;
      again = false;
      take();
      keep();
      later(PAUSE);
    }, stop.signal);
    on(area, "input", () => {
      take();
      keep();
      const stuck = form.dataset.state === "offline" || form.dataset.state === "signedOut";
      if (!stuck) say("saving");
      later(stuck ? wait : PAUSE);
    }, stop.signal);
    on(document, "mentorlink:meeting", ({ detail }) => String(detail.meeting_id) === form.dataset.meeting && later(0), stop.signal);
    on(document, "mentorlink:line-back", () => later(0), stop.signal);
    on(window, "online", () => later(0), stop.signal);
    on(document, "visibilitychange", () => document.visibilityState === "visible" && later(0), stop.signal);
    on(form, "submit", (event) => (event.preventDefault(), later(0)), stop.signal);
    on(window, "pagehide", () => (take(), keep()), stop.signal);
    await settle(form, shelf);
    later(0);
  }
  const look = setInterval(() => document.visibilityState === "visible" && form.dataset.state !== "refused" && later(0), LOOK);
  void begin();
  return () => (clearInterval(look), clearTimeout(timer), stop.abort());
}

/** @param {string} value @param {import("../notes/change.js").Change} change */
function applied(value, change) {
  const text = SharedText.begin(0, value);
  text.hear(change);
  return text.text;
}

/** @param {HTMLFormElement} form @param {string} label */
function signInLink(form, label) {
  const link = document.createElement("a");
  link.href = form.dataset.signIn ?? "/";
  link.textContent = label;
  return link;
}

/** Send what is to be sent, or ask what is new. @param {HTMLFormElement} form @param {SharedText} text @returns {Promise<any>} */
async function round(form, text, anew = false) {
  const address = form.dataset.changes ?? "";
  const out = text.outgoing();
  const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
  const answer = out
    ? await fetch(address, { method: "POST", headers: { ...headers, "Content-Type": "application/json", "X-CSRFToken": csrf() }, body: JSON.stringify(out) })
    : await fetch(`${address}?after=${text.seq}`, { headers });
  if (answer.status === 401 || answer.redirected) throw new SignedOut();
  if (answer.status === 400 && !anew && (await renew())) return round(form, text, true);
  if (answer.status === 409 && out) return whole(form, text);
  if ([400, 403, 404, 409, 413, 422].includes(answer.status)) throw new Refused();
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no answer");
  const news = await answer.json();
  if (news.text !== undefined) return whole(form, text);
  return news;
}

/** Too long away for single changes: the server puts the whole text together. @param {HTMLFormElement} form @param {SharedText} text */
async function whole(form, text) {
  const data = new FormData();
  data.set("body", text.text);
  data.set("base", text.shadow);
  const sent = await fetch(form.action, { method: "POST", body: data, headers: { "X-CSRFToken": csrf() } });
  if (sent.status === 401) throw new SignedOut();
  if (!sent.ok) throw new Refused();
  const fresh = new DOMParser().parseFromString(await sent.text(), "text/html").querySelector("[data-changes]");
  const area = /** @type {HTMLTextAreaElement | null | undefined} */ (fresh?.querySelector("[name=body]"));
  if (!fresh || !area) throw new Refused();
  const now = SharedText.begin(Number(/** @type {HTMLElement} */ (fresh).dataset.seq), area.defaultValue);
  Object.assign(text, now.kept());
  return { changes: [] };
}

/** Send what pages that are gone could not. @param {HTMLFormElement} form @param {Shelf} shelf */
async function settle(form, shelf) {
  for (const name of await shelf.left()) {
    const kept = shelf.read(name);
    if (!kept) continue;
    const text = new SharedText(kept);
    try {
      for (let turn = 0; turn < 50 && !text.clean; turn += 1) {
        text.receive((await round(form, text)).changes);
      }
      if (text.clean) shelf.drop(name);
    } catch {
      return; // kept for the next page
    }
  }
}

class Refused extends Error {}

class SignedOut extends Error {}

/** Who has signed in anew in another window has another secret: take it over from a fresh page. @returns {Promise<boolean>} */
async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname, { headers: UNASKED })).text(), "text/html");
  const now = page.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  if (!now || page.documentElement.dataset.person !== document.documentElement.dataset.person) return false;
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", now);
  return true;
}

/** What pages of this person keep on the device: one place for each, known as in use while the page is open. */
class Shelf {
  /** @param {string} prefix */
  constructor(prefix) {
    this.prefix = prefix;
    this.name = "";
  }

  async open() {
    const before = this.session();
    this.name = before && (await this.hold(before)) ? before : "";
    while (!this.name) {
      const fresh = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
      if (await this.hold(fresh)) this.name = fresh;
    }
    this.session(this.name);
  }

  /** @param {string} [name] */
  session(name) {
    try {
      if (name) sessionStorage.setItem(`${this.prefix}tab`, name);
      return sessionStorage.getItem(`${this.prefix}tab`) ?? "";
    } catch {
      return "";
    }
  }

  /** True when no other page has it. @param {string} name @returns {Promise<boolean>} */
  hold(name) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((done) => {
      void navigator.locks.request(this.prefix + name, { ifAvailable: true }, (lock) => {
        done(lock !== null);
        return lock ? new Promise(() => {}) : undefined;
      });
    });
  }

  own() {
    return this.read(this.name);
  }

  /** @param {string} name @returns {import("../notes/text.js").Kept | null} */
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {import("../notes/text.js").Kept | null} kept */
  keep(kept) {
    try {
      if (kept) localStorage.setItem(this.prefix + this.name, JSON.stringify(kept));
      else localStorage.removeItem(this.prefix + this.name);
    } catch {
      /* Storage is full or forbidden: the notes work without it. */
    }
  }

  /** What this page kept before, now that it holds something else: sent like what a closed page left. @param {object} kept */
  putAside(kept) {
    try {
      localStorage.setItem(`${this.prefix}${Date.now().toString(36)}aside`, JSON.stringify(kept));
      localStorage.removeItem(this.prefix + this.name);
    } catch {
      /* It stays where it was. */
    }
  }

  /** @param {string} name */
  drop(name) {
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      /* Nothing was kept then. */
    }
  }

  /** Places that pages left behind which are gone. */
  async left() {
    const names = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
    const free = [];
    for (const name of names) if (name !== this.name && (await this.hold(name))) free.push(name);
    return free;
  }
}
