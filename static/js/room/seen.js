/** Notes how far the talk was really on the screen, and tells the server now and then. */
import { post } from "../lib/dom.js";

const LOOK = 600;
const TELL = 1200;

export class Seen {
  /** @param {{room: number, topic: number, pane: HTMLElement}} where */
  constructor({ room, topic, pane }) {
    this.room = room;
    this.topic = topic;
    this.highest = 0;
    this.told = 0;
    this.timer = 0;
    /** @type {Set<Element>} */
    this.inSight = new Set();
    this.observer = new IntersectionObserver((entries) => this.#look(entries), { root: pane, threshold: 0.6 });
    document.addEventListener("visibilitychange", () => !document.hidden && this.#count());
    window.addEventListener("pagehide", () => this.#tell(true));
  }

  /** @param {HTMLElement[]} messages */
  watch(messages) {
    for (const message of messages) this.observer.observe(message);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #look(entries) {
    for (const entry of entries) {
      const tall = entry.intersectionRect.height > (entry.rootBounds?.height ?? 0) * 0.4;
      if (entry.isIntersecting || tall) this.inSight.add(entry.target);
      else this.inSight.delete(entry.target);
    }
    setTimeout(() => this.#count(), LOOK);
  }

  #count() {
    if (document.hidden) return;
    for (const message of this.inSight) {
      const seq = Number(/** @type {HTMLElement} */ (message).dataset.seq);
      if (message.isConnected && seq > this.highest) this.highest = seq;
    }
    if (this.highest > this.told && !this.timer) this.timer = window.setTimeout(() => this.#tell(), TELL);
  }

  /** @param {boolean} [leaving] */
  async #tell(leaving = false) {
    clearTimeout(this.timer);
    this.timer = 0;
    const seq = this.highest;
    if (seq <= this.told) return;
    const form = new FormData();
    form.set("topic_id", String(this.topic));
    form.set("seq", String(seq));
    if (leaving) {
      form.set("csrf_token", document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "");
      navigator.sendBeacon(`/rooms/${this.room}/seen`, form);
      return;
    }
    try {
      if ((await post(`/rooms/${this.room}/seen`, form)).ok) this.told = Math.max(this.told, seq);
    } catch {
      /* No line: the next look tells it. */
    }
  }
}
