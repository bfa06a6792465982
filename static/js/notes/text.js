/**
 * A text that is written here and elsewhere at once, without a screen and without a line: what the server is known to have
 * (`shadow` at `seq`), the one change that is on its way (`sent` under `id`), and what stands here (`text`).
 */
import { apply, between, carried } from "./change.js";

/** @typedef {import("./change.js").Change} Change */
/** @typedef {{seq: number, shadow: string, sent: Change | null, id: string, text: string}} Kept */
/** @typedef {{seq: number, id: string, change: Change}} News */

export class SharedText {
  /** @param {Kept} kept */
  constructor(kept) {
    this.seq = kept.seq;
    this.shadow = kept.shadow;
    this.sent = kept.sent;
    this.id = kept.id;
    this.text = kept.text;
  }

  /** @param {number} seq @param {string} text */
  static begin(seq, text) {
    return new SharedText({ seq, shadow: text, sent: null, id: "", text });
  }

  /** What is kept on the device. @returns {Kept} */
  kept() {
    return { seq: this.seq, shadow: this.shadow, sent: this.sent, id: this.id, text: this.text };
  }

  /** Everything written here has arrived. */
  get clean() {
    return this.sent === null && this.text === this.shadow;
  }

  /** The change to send now: the one on its way again, or what was written since. Null when all has arrived. */
  outgoing() {
    if (this.sent === null && this.text !== this.shadow) {
      this.sent = between(this.shadow, this.text);
      this.id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`;
    }
    return this.sent && { id: this.id, base: this.seq, change: this.sent };
  }

  /**
   * Take in what happened, in order; what is known already or lies beyond a gap is left out.
   * @param {News[]} news @returns {Change[]} what changes in the text that stands here, in order
   */
  receive(news) {
    /** @type {Change[]} */
    const seen = [];
    for (const one of news) {
      if (one.seq !== this.seq + 1) continue;
      if (this.sent !== null && one.id === this.id) {
        this.shadow = apply(this.shadow, one.change);
        this.sent = null;
      } else seen.push(this.hear(one.change));
      this.seq = one.seq;
    }
    return seen;
  }

  /** Somebody else's change: carried over what is on its way and what was written since. @param {Change} change */
  hear(change) {
    const onItsWay = this.sent ?? [];
    const since = between(apply(this.shadow, onItsWay), this.text);
    const [sent, overSent] = carried(onItsWay, change);
    const [, overBoth] = carried(since, overSent);
    this.shadow = apply(this.shadow, change);
    if (this.sent !== null) this.sent = sent;
    this.text = apply(this.text, overBoth);
    return overBoth;
  }
}
