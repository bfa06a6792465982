/**
 * A room's log as this device knows it, apart from any page. Entries carry a number, each one higher than the last: the next
 * is applied, an older one dropped, and a gap means that something must be fetched before going on.
 *
 * @typedef {{seq: number, kind: string, stamp: string, topic?: number, id?: number, by?: number, at?: number, html?: string,
 *   quote?: string, title?: string, resolved?: boolean, pinned?: boolean, from?: number, room?: number, merged?: boolean,
 *   gone?: boolean, released?: boolean, name?: string, names?: string[], opened?: number}} Entry
 * @typedef {{id: number, seq: number, html?: string}} Message
 * @typedef {{does: "add" | "replace" | "quote" | "elsewhere" | "beyond" | "topic" | "renamed" | "settled" | "moved" | "ruled" | "line" | "pins"
 *   | "member" | "recount",
 *   entry: Entry}} Change
 */
export class RoomLog {
  /** @param {{cursor: number, stamp: string, topic: number, atEnd: boolean, messages: Message[]}} start */
  constructor({ cursor, stamp, topic, atEnd, messages }) {
    this.cursor = cursor;
    this.stamp = stamp;
    this.topic = topic;
    /** True while the newest message of the topic is among those held. */
    this.atEnd = atEnd;
    /** @type {Map<number, Message>} */
    this.messages = new Map(messages.map((message) => [message.id, message]));
  }

  /**
   * Apply entries in the order they came.
   * @param {Entry[]} entries @returns {{changes: Change[], gap: boolean}}
   */
  take(entries) {
    /** @type {Change[]} */
    const changes = [];
    for (const entry of entries) {
      if (entry.seq <= this.cursor) continue;
      if (entry.seq > this.cursor + 1) return { changes, gap: true };
      this.cursor = entry.seq;
      this.stamp = entry.stamp;
      changes.push(...this.#apply(entry));
    }
    return { changes, gap: false };
  }

  /** Messages fetched from the topic's past or future join those held. @param {Message[]} messages @param {boolean} [atEnd] */
  join(messages, atEnd = this.atEnd) {
    const fresh = messages.filter((message) => !this.messages.has(message.id));
    for (const message of fresh) this.messages.set(message.id, message);
    this.atEnd = atEnd;
    return fresh;
  }

  /** Messages far from what is on the screen are held no more. @param {number[]} ids @param {boolean} newest */
  forget(ids, newest) {
    for (const id of ids) this.messages.delete(id);
    if (newest && ids.length) this.atEnd = false;
  }

  /** What is held, in the order of the log. */
  inOrder() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** @param {Entry} entry @returns {Change[]} */
  #apply(entry) {
    switch (entry.kind) {
      case "posted":
        return [this.#posted(entry)];
      case "edited":
      case "deleted":
      case "changed":
        return this.#changed(entry);
      case "glass":
        return [{ does: "line", entry }];
      case "ruled":
        return [{ does: "ruled", entry }];
      case "settled":
        return [{ does: "settled", entry }];
      case "moved":
        return [{ does: "moved", entry }, { does: "recount", entry }];
      case "topic":
        return [{ does: "topic", entry }];
      case "renamed":
        return [{ does: "renamed", entry }];
      default:
        return [{ does: "member", entry }];
    }
  }

  /** @param {Entry} entry @returns {Change} */
  #posted(entry) {
    if (entry.topic !== this.topic) return { does: "elsewhere", entry };
    if (!this.atEnd) return { does: "beyond", entry };
    const id = /** @type {number} */ (entry.id);
    if (!this.messages.has(id)) this.messages.set(id, { id, seq: entry.seq, html: entry.html });
    return { does: "add", entry };
  }

  /** @param {Entry} entry @returns {Change[]} */
  #changed(entry) {
    const held = this.messages.get(/** @type {number} */ (entry.id));
    if (held) held.html = entry.html;
    /** @type {Change[]} */
    const changes = [{ does: "pins", entry }];
    if (entry.kind !== "changed") changes.unshift({ does: "quote", entry });
    if (held) changes.unshift({ does: "replace", entry });
    if (entry.kind === "deleted" || entry.released) changes.push({ does: "recount", entry });
    return changes;
  }
}
