/** The talk without a mouse: from message to message, and a key for each common deed. */
const KEPT = "mentorlink.letter-keys";
const DEEDS = /** @type {Record<string, string>} */ ({ r: "reply", e: "edit", l: "like" });

export class Keys {
  /** @param {{view: import("./view.js").View, onEnd: () => void, room: number}} options */
  constructor({ view, onEnd, room }) {
    this.view = view;
    this.onEnd = onEnd;
    this.room = room;
    this.letters = this.#choice();
    document.addEventListener("keydown", (event) => this.#key(event));
    view.list.addEventListener("focusin", (event) => {
      const message = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".msg"));
      if (message) view.stopAt(message);
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const message = /** @type {HTMLElement | null} */ (target.closest(".msg"));
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (message || target === this.view.pane)) {
      event.preventDefault();
      this.#step(message, event.key === "ArrowDown" ? 1 : -1);
    } else if (message && DEEDS[event.key]) {
      const button = /** @type {HTMLElement | null} */ (message.querySelector(`[data-do="${DEEDS[event.key]}"]`));
      if (button) (event.preventDefault(), button.click());
    } else if (event.key === "End") this.onEnd();
    else if (!this.letters) return;
    else if (event.key === "c") (event.preventDefault(), document.getElementById("f-body")?.focus());
    else if (event.key === "n") document.getElementById("new")?.scrollIntoView({ block: "start" });
    else if (event.key === "/") (event.preventDefault(), location.assign(`/search?room=${this.room}`));
  }

  /** Letters that act anywhere on the page can be switched off: who speaks to the device would set them off. */
  #choice() {
    const box = /** @type {HTMLInputElement | null} */ (document.getElementById("f-keys_on"));
    try {
      if (box) box.checked = localStorage.getItem(KEPT) !== "off";
    } catch {
      /* Nothing is kept here: they are on. */
    }
    box?.addEventListener("change", () => {
      this.letters = box.checked;
      try {
        if (box.checked) localStorage.removeItem(KEPT);
        else localStorage.setItem(KEPT, "off");
      } catch {
        /* The choice lasts as long as the page. */
      }
    });
    return box?.checked ?? true;
  }

  /** @param {HTMLElement | null} message @param {1 | -1} by */
  #step(message, by) {
    const shown = this.view.messages();
    const box = this.view.pane.getBoundingClientRect();
    const inSight = shown.filter((item) => item.getBoundingClientRect().top < box.bottom);
    const next = message ? shown[shown.indexOf(message) + by] : inSight[inSight.length - 1];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  }
}
