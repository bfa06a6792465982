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
import { post, sentence } from "../lib/dom.js";

const WHERE = "mentorlink.outbox.";

/** @param {string} start */
function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/** A UUIDv7. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
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
    /** Seconds that the server asked to wait. */
    this.wait = 0;
    /** @type {((why: string) => void) | undefined} */
    this.onFailed = undefined;
    /** @type {Item[]} */
    this.memory = [];
    window.addEventListener("online", () => this.send());
    window.addEventListener("storage", (event) => event.key === this.key && this.onChange());
  }

  /** @returns {Item[]} */
  items() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return this.memory;
    }
  }

  /** @param {Item[]} items */
  keep(items) {
    this.memory = items;
    try {
      if (items.length) localStorage.setItem(this.key, JSON.stringify(items));
      else localStorage.removeItem(this.key);
    } catch {
      /* Storage is full or forbidden: the page keeps it while it is open. */
    }
    this.onChange();
  }

  /** @param {Item} item */
  add(item) {
    this.keep([...this.items(), item]);
    this.send();
  }

  /** @param {string} clientId */
  drop(clientId) {
    for (const { key } of this.items().find((item) => item.client_id === clientId)?.files ?? []) if (key) dropFile(key);
    this.keep(this.items().filter((item) => item.client_id !== clientId));
  }

  /** @param {string} clientId */
  retry(clientId) {
    this.keep(this.items().map((item) => (item.client_id === clientId ? { ...item, failed: undefined } : item)));
    this.send();
  }

  /** Send what waits, in order; only one tab of this room does so at a time. */
  async send() {
    clearTimeout(this.timer);
    if (navigator.locks) await navigator.locks.request(this.key, { ifAvailable: true }, (lock) => lock && this.#sendAll());
    else await this.#sendAll();
  }

  async #sendAll() {
    for (let item = this.#next(); item; item = this.#next()) {
      if (!(await this.#sendOne(item))) return this.#later();
    }
    this.pause = 1000;
    return undefined;
  }

  #next() {
    return this.items().find((item) => !item.failed);
  }

  /** @param {number} [seconds] */
  #later(seconds = this.wait) {
    this.wait = 0;
    if (seconds) return (this.timer = window.setTimeout(() => this.send(), seconds * 1000 + Math.random() * 500));
    this.timer = window.setTimeout(() => this.send(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, 20000);
    return undefined;
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
      const answer = await post(this.url, form);
      if (!answer.ok) return this.#refused(item, answer);
      this.#note("");
      const receipt = await answer.json();
      this.drop(item.client_id);
      this.onSent(item, receipt);
      return true;
    } catch {
      return this.#note("waiting");
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
    const answer = await post(this.url.replace(/messages$/, "files"), form);
    if (!answer.ok) return answer;
    [file.id] = (await answer.json()).ids;
    delete file.key;
    this.keep(this.items().map((other) => (other.client_id === item.client_id ? { ...other, files: item.files } : other)));
    await dropFile(key);
    return null;
  }

  /** @param {Item} item @param {Response} answer @returns {Promise<boolean>} */
  async #refused(item, answer) {
    if (answer.status === 401 || answer.status === 400) return this.#note("signIn");
    if (answer.status >= 500) return this.#note("waiting");
    const why = await sentence(answer);
    if (answer.status === 429) {
      this.wait = Math.min(Number(answer.headers.get("Retry-After")) || 5, 3600);
      return this.#note("waiting", why);
    }
    this.keep(this.items().map((other) => (other.client_id === item.client_id ? { ...other, failed: why || "failed" } : other)));
    this.onFailed?.(why);
    return true;
  }

  /** @param {string} state @param {string} [reason] */
  #note(state, reason = "") {
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
  for (const key of keys(start)) {
    const room = Number(key.slice(start.length));
    const outbox = new Outbox({ person: Number(person), room, url: `/rooms/${room}/messages`, onChange: () => undefined, onSent: () => undefined });
    outbox.onFailed = (why) => onFailed(why, room);
    outbox.send();
  }
}
