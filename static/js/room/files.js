/**
 * Files for the message that is being written: brought at once, named below the line, taken away again. Without a line they
 * wait on this device and go out with their message.
 */
import { dropFile, keepFile } from "../lib/blobs.js";
import { csrf, patience, post, sentence } from "../lib/dom.js";
import { newClientId } from "./outbox.js";

/** Seconds for a file; after that it waits and goes out with its message. */
const PATIENCE = 300;

export class Files {
  /** @param {{room: number, words: Record<string, string>, onError: (text: string) => void, onChange: () => void}} options */
  constructor({ room, words, onError, onChange }) {
    this.onChange = onChange;
    this.room = room;
    this.words = words;
    this.onError = onError;
    this.field = /** @type {HTMLInputElement} */ (document.getElementById("f-upload"));
    this.list = /** @type {HTMLElement} */ (document.getElementById("composer-files"));
    this.mould = /** @type {HTMLTemplateElement} */ (document.getElementById("file-mould"));
    /** What is there and not sent yet. @type {import("./outbox.js").Brought[]} */
    this.there = [];
    this.coming = 0;
    /** One of those that came was refused. */
    this.refused = false;
    /** All that came are there, or wait here. @type {() => void} */
    this.onAll = () => undefined;
    this.field.addEventListener("change", () => (this.take([...(this.field.files ?? [])]), (this.field.value = "")));
    const box = this.field.closest(".composer");
    box?.addEventListener("dragover", (event) => event.preventDefault());
    box?.addEventListener("drop", (event) => (event.preventDefault(), this.take([...(/** @type {DragEvent} */ (event).dataTransfer?.files ?? [])])));
    document.getElementById("f-body")?.addEventListener("paste", (event) => {
      const files = [...(/** @type {ClipboardEvent} */ (event).clipboardData?.files ?? [])];
      if (files.length) (event.preventDefault(), this.take(files));
    });
  }

  /** @param {File[]} files */
  take(files) {
    for (const file of files) this.#bring(file);
  }

  /** Files that were brought, or waited, before the page was left. @param {import("./outbox.js").Brought[]} files */
  restore(files) {
    for (const file of files) this.#keep(file, this.#row(file.name, ""));
  }

  /** The files of the message that goes out now. */
  empty() {
    const files = this.there;
    this.there = [];
    this.list.replaceChildren();
    this.list.hidden = true;
    return files;
  }

  /** @param {File} file */
  async #bring(file) {
    const row = this.#row(file.name, this.words.bringing);
    const form = new FormData();
    form.set("upload", file);
    form.set("csrf_token", csrf());
    this.coming += 1;
    try {
      const answer = await post(`/rooms/${this.room}/files`, form, patience(PATIENCE));
      if (answer.ok) {
        const [id] = (await answer.json()).ids;
        this.#keep({ id, name: file.name }, row);
        this.onChange();
        return undefined;
      }
      if (answer.status < 500) this.onError(answer.status === 401 ? this.words.signIn : (await sentence(answer)) || this.words.lost);
      else return await this.#wait(file, row);
    } catch {
      return await this.#wait(file, row);
    } finally {
      this.coming -= 1;
      if (!this.coming) setTimeout(() => this.#done());
    }
    this.refused = true;
    row.remove();
    this.list.hidden = !this.list.children.length;
    return undefined;
  }

  #done() {
    const go = this.onAll;
    this.onAll = () => undefined;
    if (!this.refused) go();
    this.refused = false;
  }

  /** Without a line it waits here. @param {File} file @param {HTMLElement} row */
  async #wait(file, row) {
    const key = `${document.documentElement.dataset.person}.${newClientId()}`;
    await keepFile(key, file);
    this.#keep({ key, name: file.name }, row);
    this.onChange();
  }

  /** @param {string} name @param {string} state */
  #row(name, state) {
    const row = /** @type {HTMLElement} */ (this.mould.content.firstElementChild?.cloneNode(true));
    const place = row.querySelector("[data-name]");
    if (place) place.textContent = name;
    this.#say(row, state);
    this.list.append(row);
    this.list.hidden = false;
    return row;
  }

  /** @param {HTMLElement} row @param {string} state */
  #say(row, state) {
    const place = row.querySelector("[data-state]");
    if (place) place.textContent = state;
  }

  /** @param {import("./outbox.js").Brought} file @param {HTMLElement} row */
  #keep(file, row) {
    this.there.push(file);
    this.#say(row, file.key ? this.words.fileWaits : "");
    row.querySelector("[data-drop-file]")?.addEventListener("click", () => this.#drop(file, row));
  }

  /** @param {import("./outbox.js").Brought} file @param {HTMLElement} row */
  #drop(file, row) {
    this.there = this.there.filter((other) => other !== file);
    this.onChange();
    row.remove();
    this.list.hidden = !this.list.children.length;
    if (file.key) dropFile(file.key);
    else post(`/attachments/${file.id}/drop`, new FormData()).catch(() => undefined);
  }
}
