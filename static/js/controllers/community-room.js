/** A room: joins the log, the line, the page and the composer. */
import { announce, post, sentence, toast, words as wordsOf } from "../lib/dom.js";
import { Composer } from "../room/composer.js";
import { Keys } from "../room/keys.js";
import { RoomLog } from "../room/log.js";
import { Outbox } from "../room/outbox.js";
import { Previews } from "../room/previews.js";
import { Seen } from "../room/seen.js";
import { Topics } from "../room/topics.js";
import { View } from "../room/view.js";
import { Wire } from "../room/wire.js";

/** @param {HTMLElement} element */
export default function connect(element) {
  new RoomPage(element).start();
}

class RoomPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    const data = element.dataset;
    this.words = wordsOf(element);
    this.room = Number(data.room);
    this.topic = Number(data.topic);
    this.me = Number(data.me);
    this.jumpTo = data.jump;
    /** Whom the reader keeps away. @type {Set<number>} */
    this.away = new Set((data.away ?? "").split(",").filter(Boolean).map(Number));
    this.view = new View({ words: this.words, me: this.me, away: this.away, zone: data.zone ?? "Asia/Jakarta", facilitator: data.facilitator === "1", still: data.still });
    this.topics = new Topics(this.topic);
    this.log = new RoomLog({
      cursor: Number(data.cursor), stamp: data.stamp ?? "", topic: this.topic, atEnd: data.newer !== "1",
      messages: this.view.messages().map((item) => ({ id: Number(item.id.slice(2)), seq: Number(item.dataset.seq) })),
    });
    this.previews = new Previews(this.view);
    this.keys = new Keys({ view: this.view, onEnd: () => this.goToEnd(), room: this.room });
    this.seen = new Seen({ room: this.room, topic: this.topic, pane: this.view.pane });
    this.outbox = new Outbox({
      person: this.me, room: this.room, url: `/rooms/${this.room}/messages`,
      onChange: () => this.showOutbox(), onSent: (item, receipt) => this.arrived(item, receipt),
    });
    this.wire = new Wire({
      room: this.room, log: this.log,
      onChanges: (changes) => this.apply(changes), onLine: (state) => this.showLine(state), onHere: (people) => this.showHere(people),
      onTyping: (who) => this.showTyping(who), onSeen: (mark) => (this.counted++, this.topics.count(mark.topic, mark.unread)),
    });
    this.composer = new Composer({
      room: this.room, topic: this.topic, community: Number(data.community), words: this.words, outbox: this.outbox,
      onTyping: () => this.wire.socket?.connected && this.wire.socket.emit("room:typing", { room: this.room, topic: this.topic }),
      onError: (text) => toast(text, "bad"), onWait: () => toast(this.words.withFiles), onSend: () => this.goToEnd(),
    });
    /** @type {Map<number, {name: string, until: number}>} */
    this.typing = new Map();
    /** Taken by the server, and not yet told by the log. @type {{item: import("../room/outbox.js").Item, seq: number}[]} */
    this.sent = [];
    this.element = element;
    this.line = "";
    this.loading = false;
    /** Each looks anew whether the edge of what is shown is in sight. @type {(() => void)[]} */
    this.watches = [];
    /** Grows with each count that the server pushed: an answer that was asked for before is older than that. */
    this.counted = 0;
  }

  start() {
    this.nameTopic();
    this.view.dressAll();
    this.view.takeLines();
    this.watch(this.view.messages());
    this.openAt();
    this.view.keepFollowing();
    this.showOutbox();
    this.outbox.send();
    this.wire.start();
    this.view.list.addEventListener("click", (event) => this.act(event));
    this.view.list.addEventListener("submit", (event) => this.vote(event));
    for (const name of ["mentorlink:line-back", "mentorlink:recount"]) document.addEventListener(name, () => this.recount());
    document.addEventListener("mentorlink:notice", (event) => this.reads(/** @type {CustomEvent} */ (event).detail.topic) && event.preventDefault());
    document.addEventListener("mentorlink:edit-last", () => this.editLast());
    document.getElementById("jump")?.addEventListener("click", () => this.goToEnd());
    this.view.pane.addEventListener("scroll", () => this.scrolled(), { passive: true });
    for (const [name, side] of /** @type {const} */ ([["older", "before"], ["newer", "after"]])) this.loadsMore(name, side);
    setInterval(() => this.forgetTyping(), 1000);
  }

  /** Whether the newest of this topic is before the reader's eyes. @param {number} topic */
  reads(topic) {
    return topic === this.topic && !document.hidden && document.hasFocus() && this.log.atEnd && this.view.nearEnd();
  }

  /** A room opens at the topic with news; from then on the address names it, so that a reload shows the same again. */
  nameTopic() {
    const here = new URL(location.href);
    if (here.searchParams.has("topic") || here.searchParams.has("m")) return;
    here.searchParams.set("topic", String(this.topic));
    history.replaceState(history.state, "", here);
  }

  openAt() {
    const named = this.jumpTo ? document.getElementById(`m-${this.jumpTo}`) : null;
    const fresh = document.getElementById("new");
    if (named) {
      named.scrollIntoView({ block: "center" });
      named.classList.add("jumped");
      setTimeout(() => named.classList.remove("jumped"), 3000);
    } else if (fresh) fresh.scrollIntoView({ block: "start" });
    else this.view.toEnd();
    this.scrolled();
  }

  /** @param {import("../room/log.js").Change[]} changes */
  apply(changes) {
    const follow = this.view.nearEnd();
    for (const { does, entry } of changes) {
      const id = /** @type {number} */ (entry.id);
      const topic = /** @type {number} */ (entry.topic);
      if (does === "add") this.add(entry);
      else if (does === "replace") this.view.holding(() => this.view.replace(id, entry.html ?? ""));
      else if (does === "quote") this.view.quote(id, entry.quote ?? "");
      else if (does === "topic") this.topics.add(topic, entry.title ?? "");
      else if (does === "renamed") this.topics.rename(topic, entry.title ?? "");
      else if (does === "recount") this.uncertain(entry);
      else if (does === "settled") this.topics.settle(topic, Boolean(entry.resolved));
      else if (does === "moved") this.moved(entry);
      else if (does === "pins") this.pinned(entry);
      else if (does === "ruled") this.ruled(entry);
      else if (does === "line") this.view.addLine(entry);
      if (does === "replace") this.watch(this.view.messages().filter((item) => item.id === `m-${id}`));
      if (does === "elsewhere" || does === "beyond" || does === "add") {
        this.topics.rise(topic);
        if (entry.by !== this.me && !entry.gone && !this.away.has(entry.by ?? 0)) this.topics.more(topic);
      }
      if (entry.by) this.typing.delete(entry.by);
    }
    this.view.placeLines();
    if (this.sent.length) this.showOutbox();
    if (follow && !document.hidden) this.view.toEnd();
    this.forgetTyping();
    this.scrolled();
  }

  /**
   * What was taken stays on the page until the log tells of it, so that nothing seems to vanish while the line is silent.
   * @param {import("../room/outbox.js").Item} item @param {{seq: number}} receipt
   */
  async arrived(item, { seq }) {
    this.sent.push({ item, seq });
    this.showOutbox();
    while (!(await this.wire.ask())) await new Promise((again) => setTimeout(again, 5000));
    this.sent = this.sent.filter((other) => other.item !== item);
    this.showOutbox();
  }

  /** @param {import("../room/log.js").Entry} entry */
  add(entry) {
    const placed = this.view.insert(entry.html ?? "");
    this.watch(placed);
    if (this.view.nearEnd()) this.forget(false);
    this.showOutbox();
  }

  /** @param {HTMLElement[]} messages */
  watch(messages) {
    this.seen.watch(messages);
    this.previews.watch(messages);
  }

  /** Far from what is in sight nothing is kept on the page. @param {boolean} newest */
  forget(newest) {
    const gone = this.view.prune(newest);
    if (!gone.length) return;
    this.log.forget(gone, newest);
    document.getElementById(newest ? "newer" : "older")?.removeAttribute("hidden");
    this.view.placeLines();
  }

  /**
   * Messages went from one topic to another, or a topic to another room: who shows either reads it afresh.
   * @param {import("../room/log.js").Entry} entry
   */
  moved(entry) {
    if (entry.merged || entry.room) this.topics.drop(/** @type {number} */ (entry.from));
    if (entry.topic !== this.topic && entry.from !== this.topic) return;
    clearTimeout(this.reading);
    const there = entry.room ? `/rooms/${entry.room}?topic=${entry.topic}` : location.href.split("#")[0];
    this.reading = setTimeout(() => (entry.room ? location.assign(there) : location.reload()), 300 + Math.random() * 1500);
  }

  /** Who may write here, or how fast, has changed: what says so is read afresh. @param {import("../room/log.js").Entry} entry */
  ruled(entry) {
    if (entry.topic && entry.topic !== this.topic) return;
    clearTimeout(this.ruling);
    this.ruling = setTimeout(async () => {
      try {
        const answer = await fetch(`/rooms/${this.room}?topic=${this.topic}`, { redirect: "manual" });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ["still", "pace"]) document.getElementById(id)?.replaceWith(/** @type {Node} */ (page.getElementById(id)));
        const composer = document.getElementById("composer");
        if (composer && this.line !== "closed") this.composer.rest(/** @type {HTMLElement} */ (page.getElementById("composer")).hidden);
        const still = /** @type {HTMLElement} */ (page.querySelector("[data-controller~=community-room]")).dataset.still ?? "";
        this.view.standStill(still);
        announce(document.getElementById("still")?.textContent?.trim() ?? "");
      } catch {
        /* No line: the server says so to who writes. */
      }
    }, 300 + Math.random() * 1500);
  }

  /** A message is pinned, or no more, or a pinned one says something else. @param {import("../room/log.js").Entry} entry */
  pinned(entry) {
    const shown = document.querySelector(`#pins [data-quote="${entry.id}"]`) !== null;
    if (Boolean(entry.pinned) !== shown && (shown || entry.topic === this.topic)) this.pins();
  }

  /** What is unread counts anew where it may have become less or more than is shown. @param {import("../room/log.js").Entry} entry */
  uncertain(entry) {
    if (entry.kind !== "deleted" || this.topics.unread(/** @type {number} */ (entry.topic)) > 0) this.recount();
  }

  /** What is pinned, as the page shows it. */
  pins() {
    clearTimeout(this.pinning);
    this.pinning = setTimeout(async () => {
      try {
        const answer = await fetch(`/topics/${this.topic}/pins`, { redirect: "manual" });
        const place = document.getElementById("pins");
        if (answer.ok && place) place.outerHTML = await answer.text();
      } catch {
        /* No line: the next page shows it. */
      }
    }, 600 + Math.random() * 2400);
  }

  /** @param {SubmitEvent} event */
  async vote(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(".poll")) return;
    event.preventDefault();
    await this.send(form.getAttribute("action") ?? "", new FormData(form));
  }

  /** @param {number} id @param {string} code @param {boolean} on */
  react(id, code, on) {
    const form = new FormData();
    form.set("code", code);
    form.set("on", on ? "1" : "0");
    return this.send(`/messages/${id}/react`, form);
  }

  /** @param {string} url @param {FormData} form */
  async send(url, form) {
    try {
      const answer = await post(url, form);
      if (!answer.ok) toast(await this.why(answer), "bad");
    } catch {
      toast(this.words.offline, "bad");
    }
  }

  /** Why the server refused. @param {Response} answer */
  async why(answer) {
    return answer.status === 401 ? this.words.signIn : (await sentence(answer)) || this.words.lost;
  }

  /** Faces beside a message, to answer without words. @param {HTMLElement} message */
  faces(message) {
    const open = message.querySelector(".faces");
    document.querySelectorAll(".faces").forEach((other) => other.remove());
    if (open) return;
    const mould = /** @type {HTMLTemplateElement} */ (document.getElementById("faces-mould"));
    const faces = /** @type {HTMLElement} */ (mould.content.firstElementChild?.cloneNode(true));
    message.querySelector(".msg-main")?.append(faces);
    /** @type {HTMLElement | null} */ (faces.querySelector("button"))?.focus();
  }

  async recount() {
    clearTimeout(this.counting);
    this.counting = setTimeout(async () => {
      const before = this.counted;
      try {
        const answer = await fetch(`/rooms/${this.room}/unread`, { headers: { Accept: "application/json" } });
        if (before !== this.counted) return void this.recount();
        if (answer.ok) {
          const { topics, order } = await answer.json();
          this.topics.all(topics);
          this.topics.arrange(order);
        }
      } catch {
        /* Counts stay as they are until the next news. */
      }
    }, 500 + Math.random() * 2500);
  }

  /** @param {"older" | "newer"} name @param {"before" | "after"} side */
  loadsMore(name, side) {
    const more = document.getElementById(name);
    if (!more) return;
    more.querySelector("a")?.addEventListener("click", (event) => (event.preventDefault(), this.load(more, side)));
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.load(more, side), {
      root: this.view.pane, rootMargin: "300px",
    });
    setTimeout(() => watch.observe(more), 500);
    this.watches.push(() => (watch.unobserve(more), watch.observe(more)));
  }

  /** @param {HTMLElement} more @param {"before" | "after"} side */
  async load(more, side) {
    const shown = this.view.messages();
    if (this.loading || more.hidden || !shown.length) return;
    this.loading = true;
    const edge = this.edgeOf(side);
    try {
      const answer = await fetch(`/topics/${this.topic}/messages?${side}=${edge.dataset.seq}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const page = await answer.json();
      this.view.list.parentElement?.setAttribute("aria-live", "off");
      const put = () => {
        const placed = this.view.insert(page.html);
        this.watch(placed);
        const held = placed.map((item) => ({ id: Number(item.id.slice(2)), seq: Number(item.dataset.seq) }));
        this.log.join(held, side === "after" ? !page.newer : this.log.atEnd);
        more.hidden = !(side === "before" ? page.older : page.newer);
        this.forget(side === "before");
        this.view.placeLines();
      };
      if (side === "before") this.view.holding(put);
      else put();
      setTimeout(() => this.view.list.parentElement?.setAttribute("aria-live", "polite"), 300);
    } catch {
      /* No line: the link stays and can be tried again. */
    } finally {
      this.loading = false;
      this.scrolled();
    }
    if (this.view.messages().length && edge !== this.edgeOf(side)) this.watches.forEach((look) => look()); // who scrolls fast is there already
    if (side === "after" && this.log.atEnd) this.wire.ask();
  }

  /** The first message shown, or the last. @param {"before" | "after"} side */
  edgeOf(side) {
    const shown = this.view.messages();
    return side === "before" ? shown[0] : shown[shown.length - 1];
  }

  goToEnd() {
    if (this.log.atEnd) this.view.toEnd();
    else location.assign(`/rooms/${this.room}?topic=${this.topic}&before=${2 ** 52}`);
    this.scrolled();
  }

  scrolled() {
    const jump = document.getElementById("jump");
    if (jump) jump.hidden = this.log.atEnd && this.view.nearEnd();
  }

  /** @param {MouseEvent} event */
  act(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const message = /** @type {HTMLElement | null} */ (target.closest(".msg"));
    const deed = /** @type {HTMLElement | null} */ (target.closest("[data-do]"))?.dataset.do;
    const quote = /** @type {HTMLElement | null} */ (target.closest("[data-quote]"));
    if (quote && !event.ctrlKey && !event.metaKey && this.show(quote.dataset.quote)) event.preventDefault();
    if (!message) return;
    const id = Number(message.id.slice(2));
    if (target.closest("[data-retry]")) this.outbox.retry(message.dataset.client ?? "");
    else if (target.closest("[data-drop]")) this.outbox.drop(message.dataset.client ?? "");
    else if (deed === "like") this.faces(message);
    else if (deed === "react") {
      const button = /** @type {HTMLElement} */ (target.closest("[data-code]"));
      this.react(id, button.dataset.code ?? "", button.getAttribute("aria-pressed") !== "true");
      document.querySelectorAll(".faces").forEach((faces) => faces.remove());
    } else if (deed === "reply") this.composer.reply(id, message.querySelector(".msg-author")?.textContent ?? "");
    else if (deed === "edit") this.composer.edit(id);
    else if (deed === "delete" && Number(message.dataset.by) !== this.me) location.assign(`/messages/${id}/delete`);
    else if (deed === "delete") this.remove(id);
    else if (deed === "link") this.copy(id);
    else if (message.classList.toggle("touched")) message.querySelector(".msg-tools")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string | undefined} id */
  show(id) {
    const message = document.getElementById(`m-${id}`);
    message?.scrollIntoView({ block: "center" });
    message?.classList.add("jumped");
    setTimeout(() => message?.classList.remove("jumped"), 2000);
    return Boolean(message);
  }

  editLast() {
    const mine = this.view.messages().filter((item) => item.matches(".mine:not(.deleted)"));
    if (mine.length) this.composer.edit(Number(mine[mine.length - 1].id.slice(2)));
  }

  /** @param {number} id */
  async copy(id) {
    await navigator.clipboard?.writeText(`${location.origin}/messages/${id}`);
    announce(this.words.copied);
    toast(this.words.copied, "good");
  }

  /** @param {number} id */
  remove(id) {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("confirm"));
    const title = dialog.querySelector("#confirm-title");
    const text = dialog.querySelector("p");
    const yes = dialog.querySelector('[value="yes"]');
    if (title) title.textContent = this.words.askTitle;
    if (text) text.textContent = this.words.ask;
    if (yes) yes.textContent = this.words.remove;
    dialog.addEventListener("close", async () => {
      if (dialog.returnValue !== "yes") return;
      try {
        const answer = await post(`/messages/${id}/delete`, new FormData());
        if (!answer.ok) toast(await this.why(answer), "bad");
      } catch {
        toast(this.words.offline, "bad");
      }
    }, { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  }

  /** What waits stands below the talk, marked. */
  showOutbox() {
    const arrived = this.sent.filter(({ seq }) => seq > this.log.cursor).map(({ item }) => item);
    const items = [...arrived, ...this.outbox.items()].filter((item) => item.topic_id === this.topic);
    const follow = items.length > 0 && this.view.nearEnd();
    const shown = /** @type {NodeListOf<HTMLElement>} */ (this.view.list.querySelectorAll(":scope > .pending"));
    const rows = new Map([...shown].map((row) => [row.dataset.client, row]));
    for (const item of items) {
      const row = rows.get(item.client_id) ?? this.waitingRow(item);
      rows.delete(item.client_id);
      this.sayState(row, arrived.includes(item) ? "" : this.stateOf(item), Boolean(item.failed));
    }
    rows.forEach((row) => row.remove());
    if (items.length) document.getElementById("nothing")?.remove();
    if (follow) this.view.toEnd();
  }

  /** A row for what waits, at the end of the talk. @param {import("../room/outbox.js").Item} item */
  waitingRow(item) {
    const mould = /** @type {HTMLTemplateElement} */ (document.getElementById("pending-mould"));
    const row = /** @type {HTMLElement} */ (mould.content.firstElementChild?.cloneNode(true));
    row.dataset.client = item.client_id;
    const body = row.querySelector("p");
    if (body) body.textContent = item.body.replace(/([@#])\[([^[\]\n]+)\]\(\d+\)/g, "$1$2");
    const files = row.querySelector("ul");
    files?.replaceChildren(...(item.files ?? []).map(({ name }) => Object.assign(document.createElement("li"), { textContent: name })));
    files?.toggleAttribute("hidden", !item.files?.length);
    this.view.list.append(row);
    return row;
  }

  /** Only that it was not taken is told to who hears the page. @param {HTMLElement} row @param {string} words @param {boolean} failed */
  sayState(row, words, failed) {
    const state = row.querySelector("[data-state]");
    if (state && state.textContent !== words) state.textContent = words;
    if (failed && !row.classList.contains("failed")) announce(words);
    row.classList.toggle("failed", failed);
    row.querySelectorAll("button").forEach((button) => (button.hidden = !failed));
  }

  /** @param {import("../room/outbox.js").Item} item */
  stateOf(item) {
    if (item.failed) return item.failed === "failed" ? this.words.failed : `${this.words.failed}. ${item.failed}`;
    const waits = this.outbox.state === "waiting" && item.files?.some(({ key }) => key);
    return this.outbox.reason || this.words[waits ? "waitingFiles" : this.outbox.state || "sending"];
  }

  /** @param {string} state */
  showLine(state) {
    if (this.line === "closed") return;
    this.line = this.element.dataset.line = state;
    clearTimeout(this.lateness);
    const line = /** @type {HTMLElement} */ (document.getElementById("line-state"));
    const text = { lost: this.words.offline, closed: this.words.closed, "signed-out": this.words.signIn }[state];
    if (!text) {
      line.hidden = true;
      this.outbox.send();
      return;
    }
    this.lateness = setTimeout(() => {
      const follow = this.view.nearEnd();
      line.textContent = text;
      line.hidden = false;
      if (follow) this.view.toEnd();
    }, state === "lost" ? 2500 : 0);
    if (state === "closed") this.composer.rest(true);
  }

  /** @param {{id: number, name: string}[]} people */
  showHere(people) {
    const others = people.filter((person) => person.id !== this.me);
    const list = document.getElementById("here");
    list?.replaceChildren(...others.map((person) => Object.assign(document.createElement("li"), { textContent: person.name })));
    document.getElementById("here-none")?.toggleAttribute("hidden", others.length > 0);
  }

  /** @param {{by: number, name: string, topic: number}} who */
  showTyping({ by, name, topic }) {
    if (by === this.me || topic !== this.topic) return;
    this.typing.set(by, { name, until: Date.now() + 5000 });
    this.forgetTyping();
  }

  forgetTyping() {
    for (const [by, { until }] of this.typing) if (until < Date.now()) this.typing.delete(by);
    const names = [...this.typing.values()].map(({ name }) => name);
    const place = document.getElementById("typing");
    const text = names.length > 2 ? this.words.typingMany : names.map((name) => this.words.typing.replace("NAME", name)).join(", ");
    if (place && place.textContent !== text) place.textContent = text;
  }
}
