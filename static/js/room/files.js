/** Files for the message that is being written: brought at once, named below the line, taken away again. */
import { csrf, post } from "../lib/dom.js";

export class Files {
  /** @param {{room: number, words: Record<string, string>, onError: (text: string) => void}} options */
  constructor({ room, words, onError }) {
    this.room = room;
    this.words = words;
    this.onError = onError;
    this.field = /** @type {HTMLInputElement} */ (document.getElementById("f-upload"));
    this.list = /** @type {HTMLElement} */ (document.getElementById("composer-files"));
    this.mould = /** @type {HTMLTemplateElement} */ (document.getElementById("file-mould"));
    /** @type {number[]} */
    this.ids = [];
    this.coming = 0;
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

  /** The files of the message that goes out now. */
  empty() {
    const ids = this.ids;
    this.ids = [];
    this.list.replaceChildren();
    this.list.hidden = true;
    return ids;
  }

  /** @param {File} file */
  async #bring(file) {
    const row = /** @type {HTMLElement} */ (this.mould.content.firstElementChild?.cloneNode(true));
    const say = (/** @type {string} */ place, /** @type {string} */ text) => {
      const found = row.querySelector(place);
      if (found) found.textContent = text;
    };
    say("[data-name]", file.name);
    say("[data-state]", this.words.bringing);
    this.list.append(row);
    this.list.hidden = false;
    const form = new FormData();
    form.set("upload", file);
    form.set("csrf_token", csrf());
    this.coming += 1;
    try {
      const answer = await post(`/rooms/${this.room}/files`, form);
      if (answer.ok) {
        const [id] = (await answer.json()).ids;
        this.ids.push(id);
        say("[data-state]", "");
        row.querySelector("[data-drop-file]")?.addEventListener("click", () => this.#drop(id, row));
        return;
      }
      const faults = answer.status === 422 ? (await answer.json()).errors : {};
      this.onError(Object.values(faults).flat().join(" ") || this.words.lost);
    } catch {
      this.onError(this.words.noFilesOffline);
    } finally {
      this.coming -= 1;
    }
    row.remove();
    this.list.hidden = !this.list.children.length;
  }

  /** @param {number} id @param {HTMLElement} row */
  #drop(id, row) {
    this.ids = this.ids.filter((other) => other !== id);
    row.remove();
    this.list.hidden = !this.list.children.length;
    post(`/attachments/${id}/drop`, new FormData()).catch(() => undefined);
  }
}
