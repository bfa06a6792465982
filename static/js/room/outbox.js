/**
 * What was written and not yet taken by the server, kept on this device. Each item has its id from the first try on, so the
 * server keeps it once however often it is sent; items go out one after another, in the order they were written. Files that
 * could not be brought wait beside them and go first.
 *
 * @typedef {{id?: number, key?: string, name: string}} Brought `id` where the server has the file, `key` where this device keeps it
 * @typedef {{client_id: string, topic_id: number, body: string, reply_to_id: string, files?: Brought[], at: number,
 *   failed?: string}} Item `failed` says why the server does not take it
 */
import { dropFile, keptFile } from "../lib/blobs.js";
import { patience, post, sentence } from "../lib/dom.js";

const WHERE = "mentorlink.outbox.";
/** Seconds for an answer: on a line that is dead and does not know it, what waits behind would wait for minutes. */
const PATIENCE = 30;
/** The same for a file, which may be large and the line thin. */
const PATIENCE_FOR_FILES = 300;
/** Another tab that sends has done so after so many milliseconds, or looks once more. */
const LOOK_AGAIN = 2000;
/** A tab that the system has put to sleep while it sent is not waited for longer than this. */
const ASLEEP = 60000;

/** @param {string} start */
function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/** @param {string} name @returns {Item | null} */
function readItem(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

let newest = 0;

/** A UUIDv7; on one page each is greater than those before it. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = (newest = Math.max(Date.now(), newest + 1));
  for (let place = 5; place >= 0; place--) {
    bytes[place] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export class Outbox {
  /**
   * @param {{person: number, room: number, url: string, onChange: () => void,
   *   onSent: (item: Item, receipt: {seq: number, id: number}) => void}} options
   */
  constructor({ person, room, url, onChange, onSent }) {
    this.key = `${WHERE}${person}.${room}`;
    this.url = url;
    this.onChange = onChange;
    this.onSent = onSent;
    this.state = "";
    /** What the server says about waiting, in its words. */
    this.reason = "";
    this.pause = 1000;
    this.timer = 0;
    /** The server asked to wait until then. */
    this.until = 0;
    /** @type {((why: string) => void) | undefined} */
    this.onFailed = undefined;
    /** What the browser does not keep: the page does while it is open. @type {Map<string, Item>} */
    this.memory = new Map();
    this.sending = false;
    /** Since when another tab sends. */
    this.busy = 0;
    window.addEventListener("online", () => this.send());
    window.addEventListener("storage", (event) => event.key?.startsWith(`${this.key}.`) && this.#told(event.key));
  }

  /** Another tab wrote or settled it: that is newer than what this page knows. @param {string} key */
  #told(key) {
    this.memory.delete(key.slice(this.key.length + 1));
    this.onChange();
  }

  /** In the order in which they were written. @returns {Item[]} */
  items() {
    const found = new Map();
    for (const name of keys(`${this.key}.`)) {
      const item = readItem(name);
      if (item) found.set(item.client_id, item);
    }
    for (const [id, item] of this.memory) found.set(id, item); // a storage that is full still says what it said before
    return [...found.values()].sort((one, other) => (one.client_id < other.client_id ? -1 : 1));
  }

  /** Each item has a place of its own, so that two tabs never write over what the other keeps. @param {Item} item */
  keep(item) {
    try {
      localStorage.setItem(`${this.key}.${item.client_id}`, JSON.stringify(item));
      this.memory.delete(item.client_id);
    } catch {
      this.memory.set(item.client_id, item); // storage is full or forbidden
    }
    this.onChange();
  }

  /** @param {Item} item */
  add(item) {
    this.keep(item);
    this.send();
  }

  /** @param {string} clientId */
  drop(clientId) {
    for (const { key } of this.#item(clientId)?.files ?? []) if (key) dropFile(key);
    this.memory.delete(clientId);
    try {
      localStorage.removeItem(`${this.key}.${clientId}`);
    } catch {
      /* Nothing was kept. */
    }
    this.onChange();
  }

  /** @param {string} clientId */
  retry(clientId) {
    const item = this.#item(clientId);
    if (item) this.keep({ ...item, failed: undefined });
    this.until = 0;
    this.send();
  }

  /** @param {string} clientId */
  #item(clientId) {
    return this.items().find((item) => item.client_id === clientId);
  }

  /** Send what waits, in order; only one tab of this room does so at a time, and what came meanwhile is looked for again. */
  async send() {
    clearTimeout(this.timer);
    const next = this.#next();
    if (!next) this.busy = 0; // the other tab has sent it all
    if (this.sending || !next) return;
    if (this.until > Date.now()) return this.#later(this.until - Date.now() + Math.random() * 500);
    this.sending = true;
    try {
      while (this.#next()) {
        const done = await this.#alone();
        if (done === undefined) return this.#later(LOOK_AGAIN);
        if (!done) return this.#later(this.until > Date.now() ? this.until - Date.now() + Math.random() * 500 : this.#pause());
      }
    } finally {
      this.sending = false;
    }
  }

  /** @returns {Promise<boolean | undefined>} whether nothing is left to send; undefined: another tab sends */
  async #alone() {
    if (!navigator.locks) return this.#sendAll();
    const done = await navigator.locks.request(this.key, { ifAvailable: true }, (lock) => (lock ? this.#sendAll() : undefined));
    if (done !== undefined) this.busy = 0;
    else if (!this.busy) this.busy = Date.now();
    else if (Date.now() - this.busy > ASLEEP) return this.#sendAll(); // sent twice it stands once
    return done;
  }

  async #sendAll() {
    for (let item = this.#next(); item; item = this.#next()) {
      if (!(await this.#sendOne(item))) return false;
      this.pause = 1000;
    }
    return true;
  }

  #next() {
    return this.items().find((item) => !item.failed);
  }

  /** @param {number} pause milliseconds */
  #later(pause) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), pause);
  }

  #pause() {
    const pause = this.pause * (0.75 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, 20000);
    return pause;
  }

  /** @param {Item} item @returns {Promise<boolean>} True when it is settled, one way or the other. */
  async #sendOne(item) {
    const form = new FormData();
    try {
      for (const file of item.files ?? []) {
        const refused = file.id ? null : await this.#bring(item, file);
        if (refused) return this.#refused(item, refused);
        if (file.id) form.append("files", String(file.id));
      }
      for (const name of /** @type {const} */ (["client_id", "topic_id", "body", "reply_to_id"])) form.set(name, String(item[name] ?? ""));
      const answer = await post(this.url, form, patience(PATIENCE));
      if (!answer.ok) return this.#refused(item, answer);
      this.#say("");
      const receipt = await answer.json();
      this.drop(item.client_id);
      this.onSent(item, receipt);
      return true;
    } catch {
      return this.#say("waiting");
    }
  }

  /**
   * Bring a file that waits here; what is brought is noted at once, so that it is not brought again.
   * @param {Item} item @param {Brought} file @returns {Promise<Response | null>} the refusal, if it is one
   */
  async #bring(item, file) {
    const key = file.key ?? "";
    const kept = await keptFile(key);
    if (!kept) return new Response(null, { status: 410 }); // somebody cleared this device
    const form = new FormData();
    form.set("upload", kept);
    const answer = await post(this.url.replace(/messages$/, "files"), form, patience(PATIENCE_FOR_FILES));
    if (!answer.ok) return answer;
    [file.id] = (await answer.json()).ids;
    delete file.key;
    this.#note(item);
    await dropFile(key);
    return null;
  }

  /** @param {Item} item @param {Response} answer @returns {Promise<boolean>} */
  async #refused(item, answer) {
    if (answer.status === 401 || answer.status === 400) return this.#say("signIn");
    if (answer.status >= 500) return this.#say("waiting");
    const why = await sentence(answer);
    if (answer.status === 429) {
      this.until = Date.now() + Math.min(Number(answer.headers.get("Retry-After")) || 5, 3600) * 1000;
      return this.#say("waiting", why);
    }
    this.#note({ ...item, failed: why || "failed" });
    this.onFailed?.(why);
    return true;
  }

  /** What was settled meanwhile by another tab does not come back. @param {Item} item */
  #note(item) {
    if (this.#item(item.client_id)) this.keep(item);
  }

  /** @param {string} state @param {string} [reason] */
  #say(state, reason = "") {
    if (state !== this.state || reason !== this.reason) {
      this.state = state;
      this.reason = reason;
      this.onChange();
    }
    return false;
  }
}

/**
 * What waits in any room of the person is sent from whatever page they are on.
 * @param {string} person @param {(why: string, room: number) => void} onFailed
 */
export function flush(person, onFailed) {
  const start = `${WHERE}${person}.`;
  for (const room of new Set(keys(start).map((key) => Number(key.slice(start.length).split(".")[0])))) {
    const outbox = new Outbox({ person: Number(person), room, url: `/rooms/${room}/messages`, onChange: () => undefined, onSent: () => undefined });
    outbox.onFailed = (why) => onFailed(why, room);
    outbox.send();
  }
}
