/**
 * Brings what happened in a room to this device: over the socket while there is one, by asking while there is not. Whatever
 * comes, it asks again every few seconds from where it stands, so nothing is missed for long.
 */
import { patience } from "../lib/dom.js";
import { connection } from "../live.js";

const AGAIN = 10000;
const AGAIN_WITHOUT_LINE = 4000;
/** Seconds for an answer: a request on a dead line would wait for minutes, and every later question with it. */
const PATIENCE = 20;

/**
 * @param {{room: number, log: import("./log.js").RoomLog, onChanges: (changes: import("./log.js").Change[]) => void,
 *   onLine: (state: "open" | "lost" | "signed-out" | "closed") => void, onHere: (people: any[]) => void,
 *   onTyping: (who: any) => void, onSeen: (mark: any) => void}} room
 */
export class Wire {
  constructor(room) {
    Object.assign(this, room);
    /** @type {any} */
    this.socket = null;
    /** The question under way, and the one that was wanted since. @type {Promise<boolean> | null} */
    this.asking = null;
    /** @type {Promise<boolean> | null} */
    this.next = null;
    /** True while the server sends what happens here; until then a question asks for that too. */
    this.joined = false;
    this.stopped = false;
    this.timer = 0;
  }

  async start() {
    this.again();
    window.addEventListener("online", () => this.ask());
    document.addEventListener("visibilitychange", () => !document.hidden && this.ask());
    document.addEventListener("mentorlink:signed-out", () => this.onLine("signed-out"));
    await this.connect();
  }

  /** Without the client's script it asks by ordinary requests, and looks for the script again with each. */
  async connect() {
    const socket = await connection().catch(() => null);
    if (!socket || this.socket) return;
    this.socket = socket;
    socket.on("connect", () => this.join());
    socket.on("disconnect", () => ((this.joined = false), this.onLine("lost")));
    socket.on("connect_error", () => this.onLine("lost"));
    socket.on("room:events", (/** @type {any} */ news) => news.room === this.room && this.take(news.events));
    socket.on("room:here", (/** @type {any} */ news) => news.room === this.room && this.onHere(news.people));
    socket.on("room:typing", (/** @type {any} */ news) => news.room === this.room && this.onTyping(news));
    socket.on("room:seen", (/** @type {any} */ news) => news.room === this.room && this.onSeen(news));
    socket.on("room:choice", (/** @type {any} */ news) => news.room === this.room && document.dispatchEvent(new CustomEvent("mentorlink:recount")));
    socket.on("room:closed", (/** @type {any} */ news) => news.room === this.room && this.close());
    if (socket.connected) this.join();
  }

  /** Hear the room, and read what came since. What is refused or gets lost is asked again with the next question. */
  async join() {
    if (this.stopped) return;
    const answer = await this.enter();
    if (answer) this.hear(answer);
    if (answer?.more) this.ask();
  }

  async enter() {
    const answer = await this.say("room:join", this.where());
    this.joined = Boolean(answer && !answer.error && this.socket.connected);
    return answer;
  }

  /**
   * Ask for what came since: one question at a time, and never one that was put before this call.
   * @returns {Promise<boolean>} true once the answer was heard
   */
  ask() {
    if (this.stopped) return Promise.resolve(true);
    if (this.asking) return (this.next ??= this.asking.then(() => ((this.next = null), this.ask())));
    this.asking = this.question().catch((error) => (console.error(error), false)).finally(() => (this.asking = null));
    return this.asking;
  }

  /** All that came since, in as many answers as it takes. */
  async question() {
    for (;;) {
      const answer = await this.reach();
      if (!answer || !this.hear(answer)) return this.stopped;
      if (!answer.more || this.stopped) return true;
    }
  }

  /** Over the line while it answers; a line may be dead for a while before anybody knows. */
  async reach() {
    if (this.socket?.connected) {
      const answer = await (this.joined ? this.say("room:sync", this.where()) : this.enter());
      if (answer) return answer;
      this.joined = false;
    }
    return this.fetch();
  }

  /** @param {any} answer @returns {boolean} whether it told what came since */
  hear(answer) {
    if (answer.error === "not_found") this.close();
    else if (answer.error === "not_signed_in") this.onLine("signed-out");
    else if (answer.reload) location.reload();
    if (answer.error || answer.reload) return false;
    this.onLine("open");
    if (answer.here) this.onHere(answer.here);
    this.take(answer.events, true);
    return true;
  }

  /** @param {import("./log.js").Entry[]} entries @param {boolean} [asked] */
  take(entries, asked = false) {
    if (this.stopped) return;
    const { changes, gap } = this.log.take(entries);
    if (changes.length) this.onChanges(changes);
    if (gap && !asked) this.ask();
  }

  where() {
    return { room: this.room, after: this.log.cursor, stamp: this.log.stamp };
  }

  /** @param {string} name @param {object} data */
  async say(name, data) {
    try {
      return await this.socket.timeout(8000).emitWithAck(name, data);
    } catch {
      return null;
    }
  }

  async fetch() {
    try {
      const { after, stamp } = this.where();
      const url = `/rooms/${this.room}/events?after=${after}&stamp=${stamp}`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", signal: patience(PATIENCE) });
      if (answer.status === 404) return { error: "not_found" };
      if (answer.type === "opaqueredirect") return { error: "not_signed_in" };
      return answer.ok ? await answer.json() : null;
    } catch {
      this.onLine("lost");
      return null;
    }
  }

  again() {
    clearTimeout(this.timer);
    const pause = this.joined ? AGAIN : AGAIN_WITHOUT_LINE;
    this.timer = window.setTimeout(async () => {
      if (!this.socket) this.connect();
      if (!document.hidden) await this.ask();
      this.again();
    }, pause * (0.8 + Math.random() * 0.4));
  }

  close() {
    this.stopped = true;
    this.onLine("closed");
  }
}
