/** The talk without a mouse: from message to message, and a key for each common deed. */
const DEEDS = /** @type {Record<string, string>} */ ({ r: "reply", e: "edit", l: "like" });

export class Keys {
  /** @param {{view: import("./view.js").View, onEnd: () => void, room: number}} options */
  constructor({ view, onEnd, room }) {
    this.view = view;
    this.onEnd = onEnd;
    this.room = room;
    document.addEventListener("keydown", (event) => this.#key(event));
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
    } else if (event.key === "c") (event.preventDefault(), document.getElementById("f-body")?.focus());
    else if (event.key === "n") document.getElementById("new")?.scrollIntoView({ block: "start" });
    else if (event.key === "End") this.onEnd();
    else if (event.key === "/") (event.preventDefault(), location.assign(`/search?room=${this.room}`));
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
