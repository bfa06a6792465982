/** Where one writes: Enter sends, a draft survives, a reply or an edit says what it is about. */
import { post, sentence } from "../lib/dom.js";
import { dropDraft, readDraft, writeDraft } from "../lib/drafts.js";
import { Files } from "./files.js";
import { Mentions } from "./mentions.js";
import { newClientId } from "./outbox.js";

/** The server keeps files that were not sent for a day. */
const FILES_LAST = 20 * 3600000;

export class Composer {
  /**
   * @param {{room: number, topic: number, community: number, words: Record<string, string>,
   *   outbox: import("./outbox.js").Outbox, onTyping: () => void, onError: (text: string) => void, onWait: () => void, onSend: () => void}} options
   */
  constructor(options) {
    Object.assign(this, options);
    this.form = /** @type {HTMLFormElement} */ (document.getElementById("composer"));
    this.area = /** @type {HTMLTextAreaElement} */ (document.getElementById("f-body"));
    this.about = /** @type {HTMLElement} */ (document.getElementById("composer-about"));
    this.mentions = new Mentions(this.area, this.community);
    this.files = new Files({ room: this.room, words: this.words, onError: this.onError, onChange: () => this.#save() });
    this.draft = `room-${this.room}-${this.topic}`;
    /** @type {{id: number, version: number} | null} */
    this.editing = null;
    this.saving = 0;
    this.typed = 0;
    this.#restore();
    this.#goOn();
    if (this.form.hidden) this.rest(true);
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.form.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel());
    this.area.addEventListener("input", () => this.#changed());
    this.area.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("pagehide", () => this.#save());
  }

  /** Nobody may write here, or may again: what was begun stays to be read. @param {boolean} still */
  rest(still) {
    this.form.hidden = still && !this.area.value;
    this.area.readOnly = still;
    this.form.querySelectorAll("button, .composer-upload").forEach((control) => control.toggleAttribute("disabled", still));
  }

  /** @param {number} id @param {string} name */
  reply(id, name) {
    this.cancel();
    this.#field("reply_to_id").value = String(id);
    this.#say(this.words.replyTo.replace("NAME", name));
    this.area.focus();
  }

  /** @param {number} id */
  async edit(id) {
    try {
      const answer = await fetch(`/messages/${id}/edit`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return this.onError(this.words.lost);
      const { body, version } = await answer.json();
      this.cancel();
      this.#save();
      this.#edit({ id, version }, body);
      return this.area.focus();
    } catch {
      return this.onError(this.words.offline);
    }
  }

  /** @param {{id: number, version: number}} what @param {string} body */
  #edit(what, body) {
    this.editing = what;
    this.files.onAll = () => undefined; // what was to go with the files waits as a draft
    this.area.value = this.mentions.read(body);
    this.#say(this.words.editing);
    this.#grow();
  }

  /** An edit that was under way when the page was left goes on. */
  #goOn() {
    const kept = /** @type {any} */ (readDraft(this.#editDraft));
    if (kept?.fields?.body) this.#edit({ id: kept.id, version: kept.version }, kept.fields.body);
  }

  get #editDraft() {
    return `${this.draft}-edit`;
  }

  /** Leave the reply or the edit; what was being written before comes back. */
  cancel() {
    clearTimeout(this.saving);
    this.about.hidden = true;
    this.#field("reply_to_id").value = "";
    if (!this.editing) return;
    this.editing = null;
    dropDraft(this.#editDraft);
    this.area.value = "";
    this.#restore();
    this.#grow();
  }

  async submit() {
    if (this.area.readOnly) return undefined;
    const body = this.mentions.write(this.area.value.trim());
    if (this.editing) return body ? this.#change(this.editing, body) : undefined;
    this.files.onAll = () => undefined;
    if (this.files.coming) {
      this.files.onAll = () => this.submit(); // it goes with the files that are on their way
      return this.onWait();
    }
    if (!body && !this.files.there.length) return undefined;
    this.outbox.add({
      client_id: newClientId(), topic_id: this.topic, body, reply_to_id: this.#field("reply_to_id").value, files: this.files.empty(),
      at: Date.now(),
    });
    this.area.value = "";
    dropDraft(this.draft);
    this.cancel();
    this.#grow();
    this.onSend();
    return undefined;
  }

  /** @param {{id: number, version: number}} what @param {string} body */
  async #change(what, body) {
    const form = new FormData();
    form.set("body", body);
    form.set("version", String(what.version));
    try {
      const answer = await post(`/messages/${what.id}`, form);
      if (answer.ok) this.cancel();
      else this.onError(answer.status === 401 ? this.words.signIn : (await sentence(answer)) || this.words.lost);
    } catch {
      this.onError(this.words.offline);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.mentions.key(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !matchMedia("(hover: none)").matches) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Escape" && !this.about.hidden) this.cancel();
    else if (event.key === "ArrowUp" && !this.area.value) {
      document.dispatchEvent(new CustomEvent("mentorlink:edit-last"));
    }
  }

  #changed() {
    clearTimeout(this.saving);
    this.saving = window.setTimeout(() => this.#save(), 300);
    if (this.area.value && !this.editing && Date.now() - this.typed > 3000) {
      this.typed = Date.now();
      this.onTyping();
    }
  }

  #save() {
    const body = this.mentions.write(this.area.value);
    if (this.editing) return writeDraft(this.#editDraft, { fields: { body }, ...this.editing, at: Date.now() });
    const files = this.files.there;
    if (body.trim() || files.length) writeDraft(this.draft, { fields: { body }, files, at: Date.now() });
    else dropDraft(this.draft);
    return undefined;
  }

  #restore() {
    const kept = /** @type {any} */ (readDraft(this.draft));
    if (kept?.fields?.body && !this.area.value.trim()) this.area.value = this.mentions.read(kept.fields.body);
    const files = /** @type {import("./outbox.js").Brought[]} */ (kept?.files ?? []).filter(({ key }) => key || Date.now() - kept.at < FILES_LAST);
    if (!this.files.there.length) this.files.restore(files);
  }

  #grow() {
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} text */
  #say(text) {
    this.about.classList.toggle("edits", Boolean(this.editing));
    const place = this.about.querySelector("span");
    if (place) place.textContent = text;
    this.about.hidden = false;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }
}
