/** Where one writes: Enter sends, a draft survives, a reply or an edit says what it is about. */
import { post } from "../lib/dom.js";
import { dropDraft, readDraft, writeDraft } from "../lib/drafts.js";
import { Files } from "./files.js";
import { Mentions } from "./mentions.js";
import { newClientId } from "./outbox.js";

export class Composer {
  /**
   * @param {{room: number, topic: number, community: number, words: Record<string, string>,
   *   outbox: import("./outbox.js").Outbox, onTyping: () => void, onError: (text: string) => void, onSend: () => void}} options
   */
  constructor(options) {
    Object.assign(this, options);
    this.form = /** @type {HTMLFormElement} */ (document.getElementById("composer"));
    this.area = /** @type {HTMLTextAreaElement} */ (document.getElementById("f-body"));
    this.about = /** @type {HTMLElement} */ (document.getElementById("composer-about"));
    this.mentions = new Mentions(this.area, this.community);
    this.files = new Files({ room: this.room, words: this.words, onError: this.onError });
    this.draft = `room-${this.room}-${this.topic}`;
    /** @type {{id: number, version: number} | null} */
    this.editing = null;
    this.saving = 0;
    this.typed = 0;
    this.#restore();
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.form.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel());
    this.area.addEventListener("input", () => this.#changed());
    this.area.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("pagehide", () => this.#save());
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
      this.editing = { id, version };
      this.area.value = this.mentions.read(body);
      this.#say(this.words.editing);
      this.#grow();
      return this.area.focus();
    } catch {
      return this.onError(this.words.offline);
    }
  }

  /** Leave the reply or the edit; what was being written before comes back. */
  cancel() {
    this.about.hidden = true;
    this.#field("reply_to_id").value = "";
    if (!this.editing) return;
    this.editing = null;
    this.area.value = "";
    this.#restore();
    this.#grow();
  }

  async submit() {
    const body = this.mentions.write(this.area.value.trim());
    if (this.editing) return body ? this.#change(this.editing, body) : undefined;
    if (this.files.coming || (!body && !this.files.ids.length)) return undefined;
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
      else this.onError(answer.status === 409 ? this.words.changed : answer.status === 401 ? this.words.signIn : this.words.lost);
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
    if (this.editing) return;
    if (this.area.value.trim()) writeDraft(this.draft, { fields: { body: this.mentions.write(this.area.value) }, at: Date.now() });
    else dropDraft(this.draft);
  }

  #restore() {
    const kept = readDraft(this.draft)?.fields?.body;
    if (kept && !this.area.value.trim()) this.area.value = this.mentions.read(kept);
  }

  #grow() {
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} text */
  #say(text) {
    const place = this.about.querySelector("span");
    if (place) place.textContent = text;
    this.about.hidden = false;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }
}
