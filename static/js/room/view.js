/** The room on the page: puts messages where they belong and gives them the reader's words. */
import { locale } from "../lib/dom.js";

const JOIN_WITHIN = 300000;
const NEAR_END = 120;
const HELD = 300;
const QUIET = 700;
/** What goes away from a message's tools where talk stands still. */
const STILL = /** @type {Record<string, string>} */ ({ closed: "reply edit like", topic: "reply edit like", room: "reply edit" });

export class View {
  /** @param {{words: Record<string, string>, me: number, zone: string, facilitator: boolean, still?: string, away?: Set<number>}} reader */
  constructor({ words, me, zone, facilitator, still = "", away = new Set() }) {
    this.still = this.#stillness(still);
    this.away = away;
    this.words = words;
    this.me = me;
    this.facilitator = facilitator;
    this.list = /** @type {HTMLElement} */ (document.getElementById("log"));
    this.pane = /** @type {HTMLElement} */ (document.getElementById("pane"));
    /** What the log tells beside messages, by its number. @type {Map<number, HTMLElement>} */
    this.lines = new Map();
    /** The message that the Tab key stops at. @type {HTMLElement | undefined} */
    this.stop = undefined;
    this.tools = /** @type {HTMLTemplateElement} */ (document.getElementById("tools-mould"));
    const british = locale() === "en" ? "en-GB" : locale(); // the month second, as the server writes it
    this.time = new Intl.DateTimeFormat(british, { timeStyle: "short", timeZone: zone });
    const day = /** @type {const} */ (british === "id" ? { weekday: "long", day: "numeric", month: "long", year: "numeric" } : { dateStyle: "full" });
    this.day = new Intl.DateTimeFormat(british, { ...day, timeZone: zone }); // "5 November", not "05", as the server writes it
  }

  /** Lines that the server placed are kept as they are; those that stand elsewhere in the talk wait for their place. */
  takeLines() {
    const all = /** @type {HTMLTemplateElement | null} */ (document.getElementById("glass-lines"))?.content.children ?? [];
    for (const item of all) this.lines.set(Number(/** @type {HTMLElement} */ (item).dataset.line), /** @type {HTMLElement} */ (item));
    this.list.querySelectorAll(":scope > [data-line]").forEach((item) => {
      this.lines.set(Number(/** @type {HTMLElement} */ (item).dataset.line), /** @type {HTMLElement} */ (item));
    });
    this.opensWith = this.messages()[0]?.id;
  }

  /** Whoever reads at the end stays there, whatever grows: a picture that comes, a line that says more. */
  keepFollowing() {
    let follows = this.nearEnd();
    this.pane.addEventListener("scroll", () => (follows = this.nearEnd()), { passive: true });
    document.addEventListener("visibilitychange", () => (follows = !document.hidden && this.nearEnd()));
    const watch = new ResizeObserver(() => follows && !document.hidden && this.toEnd());
    for (const grows of [this.pane, this.list]) watch.observe(grows);
  }

  /** Administrators opened the room. @param {import("./log.js").Entry} entry */
  addLine({ seq, names = [], opened = 0 }) {
    if (this.lines.has(seq)) return; // the page was read after the cursor and knows it
    const mould = /** @type {HTMLTemplateElement} */ (document.getElementById("glass-mould"));
    const line = /** @type {HTMLElement} */ (mould.content.firstElementChild?.cloneNode(true));
    const words = line.querySelector("[data-told]");
    const facts = /** @type {Record<string, string>} */ ({ ONE: names[0], TWO: names[1], WHEN: `${this.day.format(opened)} ${this.time.format(opened)}` });
    if (words) words.textContent = (words.textContent ?? "").replace(/\b(ONE|TWO|WHEN)\b/g, (name) => facts[name]);
    line.dataset.line = String(seq);
    this.lines.set(seq, line);
  }

  /** Put each line after the message that came before it, where that place is on the page. */
  placeLines() {
    if (!this.lines.size) return;
    const shown = this.messages();
    const floor = document.getElementById("older")?.hidden !== false ? 0 : this.#floor(shown[0]);
    const roof = document.getElementById("newer")?.hidden !== false ? Infinity : Number(shown[shown.length - 1]?.dataset.seq ?? Infinity);
    for (const [seq, line] of [...this.lines].sort(([a], [b]) => a - b)) {
      if (seq < floor || seq > roof) line.remove();
      else this.#place(line, shown.filter((message) => Number(message.dataset.seq) < seq).pop());
    }
  }

  /** Below it stands what is not on the page. @param {HTMLElement | undefined} first */
  #floor(first) {
    return Number((first?.id === this.opensWith ? this.list.dataset.edge : first?.dataset.seq) ?? 0);
  }

  /** Whoever hears the page hears a line once: one that stands where it belongs is not touched. @param {HTMLElement} line @param {HTMLElement} [before] */
  #place(line, before) {
    let above = line.isConnected ? line.previousElementSibling : null;
    while (above && !above.matches(".msg:not(.pending)")) above = above.previousElementSibling;
    if (line.isConnected && (above ?? undefined) === before) return;
    let after = before ?? null;
    for (let next = after ? after.nextElementSibling : this.list.firstElementChild; next?.matches("[data-line]"); next = next.nextElementSibling) {
      after = /** @type {HTMLElement} */ (next);
    }
    if (after) after.after(line);
    else this.list.prepend(line);
  }

  /** Talk stands still from now on, or goes on. @param {string} still */
  standStill(still) {
    this.still = this.#stillness(still);
    for (const message of this.messages()) this.#equip(message);
  }

  /** @param {string} still */
  #stillness(still) {
    return (STILL[still] ?? "").split(" ").filter(Boolean);
  }

  /** All messages shown, oldest first. @returns {HTMLElement[]} */
  messages() {
    return [...this.list.querySelectorAll(":scope > .msg:not(.pending)")].map((item) => /** @type {HTMLElement} */ (item));
  }

  /** The talk is one stop of the Tab key: this message with what it holds; the arrows go to the others. @param {HTMLElement} [message] */
  stopAt(message) {
    if (message === this.stop) return;
    if (this.stop) this.#open(this.stop, false);
    this.stop = message;
    if (message) this.#open(message, true);
  }

  /** After messages came or went: where one is, or else at the last. */
  #restStop() {
    if (this.stop?.isConnected && this.stop.contains(document.activeElement)) return;
    this.stopAt(this.messages().pop());
  }

  /** @param {HTMLElement} message @param {boolean} open */
  #open(message, open) {
    message.tabIndex = open ? 0 : -1;
    message.querySelectorAll("a, button, input, summary").forEach((control) => {
      if (open) control.removeAttribute("tabindex");
      else control.setAttribute("tabindex", "-1");
    });
  }

  /** Give every message on the page the reader's words, and draw the lines between days. */
  dressAll() {
    for (const message of this.messages()) this.dress(message);
    this.group();
  }

  /** @param {HTMLElement} message */
  dress(message) {
    message.querySelectorAll("noscript").forEach((element) => element.remove());
    const moment = Number(message.dataset.at);
    const time = message.querySelector("time");
    if (time) {
      time.textContent = this.time.format(moment);
      time.title = `${this.day.format(moment)} ${this.time.format(moment)}`;
    }
    const side = message.querySelector(":scope > .msg-side-time");
    if (side) side.textContent = this.time.formatToParts(moment).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();
    this.#fold(message);
    message.querySelectorAll("[data-word]").forEach((element) => {
      element.textContent = this.words[/** @type {HTMLElement} */ (element).dataset.word ?? ""] ?? "";
    });
    message.classList.toggle("mine", Number(message.dataset.by) === this.me);
    message.querySelectorAll(".reaction").forEach((button) => {
      button.setAttribute("aria-pressed", String(this.#mine(/** @type {HTMLElement} */ (button))));
    });
    message.querySelectorAll(".poll li").forEach((option) => {
      const box = option.querySelector("input");
      if (box) box.checked = this.#mine(/** @type {HTMLElement} */ (option));
    });
    message.querySelectorAll('.poll [name="csrf_token"]').forEach((field) => field.remove());
    const named = message.querySelectorAll(`.mention[data-person="${this.me}"]`);
    named.forEach((element) => element.classList.add("me"));
    message.classList.toggle("mentions-me", named.length > 0 && !message.classList.contains("folded"));
    this.#equip(message);
  }

  /** What somebody wrote whom the reader keeps away can be opened, and is not read by chance. @param {HTMLElement} message */
  #fold(message) {
    for (const quote of message.querySelectorAll("[data-of]")) {
      if (!this.away.has(Number(/** @type {HTMLElement} */ (quote).dataset.of))) continue;
      quote.innerHTML = '<span class="truncate" data-word="away"></span>';
      quote.removeAttribute("data-of");
    }
    const main = message.querySelector(":scope > .msg-main");
    if (!main || !this.away.has(Number(message.dataset.by)) || main.querySelector(":scope > .msg-fold")) return;
    const fold = document.createElement("details");
    fold.className = "msg-fold";
    fold.innerHTML = '<summary data-word="away"></summary>';
    fold.append(...main.childNodes);
    main.append(fold);
    message.classList.add("folded");
  }

  /** @param {HTMLElement} message */
  #equip(message) {
    message.querySelector(":scope > .msg-tools")?.remove();
    const mine = Number(message.dataset.by) === this.me;
    const gone = message.classList.contains("deleted");
    const withheld = message.querySelector('.msg-body > :is([data-word="held"], [data-word="hidden"])');
    if (gone && !(mine && withheld)) return this.#open(message, message === this.stop);
    const tools = /** @type {HTMLElement} */ (this.tools.content.firstElementChild?.cloneNode(true));
    if (gone) tools.querySelectorAll(':scope > :not([data-do="delete"])').forEach((tool) => tool.remove());
    if (!mine) tools.querySelector('[data-do="edit"]')?.remove();
    if (!mine && !this.facilitator) tools.querySelector('[data-do="delete"]')?.remove();
    for (const deed of this.still) tools.querySelector(`[data-do="${deed}"]`)?.remove();
    tools.querySelector("[data-acts]")?.setAttribute("href", `/messages/${message.id.slice(2)}/acts`);
    const author = message.querySelector(".msg-author")?.textContent ?? "";
    for (const tool of mine ? [] : tools.querySelectorAll("[aria-label]")) {
      const reply = /** @type {HTMLElement} */ (tool).dataset.do === "reply";
      tool.setAttribute("aria-label", reply ? this.words.replyTo.replace("NAME", author) : `${tool.getAttribute("aria-label")}: ${author}`);
    }
    message.append(tools);
    this.#open(message, message === this.stop);
  }

  /** @param {HTMLElement} element */
  #mine(element) {
    return (element.dataset.by ?? "").split(",").includes(String(this.me));
  }

  /** Take messages far from what is in sight off the page; the ids of those that went. @param {boolean} newest */
  prune(newest) {
    const shown = this.messages();
    const gone = newest ? shown.slice(HELD) : shown.slice(0, Math.max(0, shown.length - HELD));
    for (const message of gone) message.remove();
    if (gone.length) this.group();
    return gone.map((message) => Number(message.id.slice(2)));
  }

  /** Join messages of one author within minutes, and part the days. */
  group() {
    const marks = new Set(this.list.querySelectorAll(":scope > [data-mark]"));
    /** @type {HTMLElement | null} */
    let before = null;
    let day = "";
    for (const message of this.messages()) {
      const moment = Number(message.dataset.at);
      const today = this.day.format(moment);
      if (today !== day && !this.#keeps(message, today, marks)) message.before(this.#mark(today));
      const joined = today === day && before?.dataset.by === message.dataset.by && !message.querySelector(".msg-reply")
        && moment - Number(before?.dataset.at) < JOIN_WITHIN;
      message.classList.toggle("joined", joined);
      day = today;
      before = message;
    }
    marks.forEach((mark) => mark.remove());
    const fresh = this.list.querySelector(":scope > [data-new]");
    const first = fresh?.nextElementSibling;
    if (fresh && first?.matches("[data-mark]")) first.after(fresh);
    this.#restStop();
  }

  /** The line above a message that says this day already stays. @param {HTMLElement} message @param {string} words @param {Set<Element>} marks */
  #keeps(message, words, marks) {
    let above = message.previousElementSibling;
    while (above?.matches("[data-new]")) above = above.previousElementSibling;
    return above?.textContent === words && marks.delete(above);
  }

  /** @param {string} words */
  #mark(words) {
    const mark = document.createElement("li");
    mark.className = "talk-mark talk-day";
    mark.dataset.mark = "";
    mark.textContent = words;
    return mark;
  }

  /** Put messages in by their number; those already there stay. @param {string} html @returns {HTMLElement[]} */
  insert(html) {
    const fragment = document.createElement("template");
    fragment.innerHTML = html;
    const fresh = [...fragment.content.querySelectorAll(".msg")].map((item) => /** @type {HTMLElement} */ (item));
    const shown = this.messages();
    /** @type {HTMLElement[]} */
    const placed = [];
    for (const message of fresh) {
      if (document.getElementById(message.id)) continue;
      const seq = Number(message.dataset.seq);
      let at = shown.length;
      while (at > 0 && Number(shown[at - 1].dataset.seq) > seq) at--;
      if (at < shown.length) shown[at].before(message);
      else if (shown.length) this.#below(shown[shown.length - 1], seq).after(message);
      else this.list.prepend(message);
      shown.splice(at, 0, message);
      this.dress(message);
      placed.push(message);
    }
    if (placed.length) {
      document.getElementById("nothing")?.remove();
      this.group();
    }
    return placed;
  }

  /** The last message, or what the log tells below it and before this number. @param {Element} last @param {number} seq @returns {Element} */
  #below(last, seq) {
    const next = last.nextElementSibling;
    return next?.matches("[data-line]") && Number(/** @type {HTMLElement} */ (next).dataset.line) < seq ? this.#below(next, seq) : last;
  }

  /** @param {number} id @param {string} html */
  replace(id, html) {
    const old = document.getElementById(`m-${id}`);
    if (!old) return;
    const fragment = document.createElement("template");
    fragment.innerHTML = html;
    const message = /** @type {HTMLElement | null} */ (fragment.content.querySelector(".msg"));
    if (!message) return;
    const held = old.contains(document.activeElement);
    message.setAttribute("aria-live", "off"); // who hears the page has heard the message; a reaction does not say it anew
    setTimeout(() => message.removeAttribute("aria-live"), QUIET);
    old.replaceWith(message);
    if (old === this.stop) this.stop = message;
    this.dress(message);
    this.group();
    if (held) /** @type {HTMLElement | null} */ (message.querySelector("a, button"))?.focus();
  }

  /** Quotations of a message say what it says now. @param {number} id @param {string} words */
  quote(id, words) {
    document.querySelectorAll(`:is(#log, #pins) [data-quote="${id}"] > span:not([data-word])`).forEach((element) => (element.textContent = words));
  }

  /** True while the end of the talk is in sight. */
  nearEnd() {
    return this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < NEAR_END;
  }

  toEnd() {
    this.pane.scrollTop = this.pane.scrollHeight;
  }

  /** Do something above what is in sight without moving it. @param {() => void} change */
  holding(change) {
    const anchor = this.messages().find((message) => message.getBoundingClientRect().bottom > this.pane.getBoundingClientRect().top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor) this.pane.scrollTop += anchor.getBoundingClientRect().top - before;
  }
}
