/** Under a link to something of ours: quietly, a few words of what it is, once it comes into sight. */
const OURS = /^\/(?:messages|rooms|communities|pages|material|gatherings|decisions|topics(?=\/\d+\/knowledge))\/\d{1,9}(?:\/knowledge)?$/;
const MOST = 3;

export class Previews {
  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    /** @type {Map<string, Promise<string>>} */
    this.known = new Map();
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) (this.observer.unobserve(entry.target), this.#show(/** @type {HTMLElement} */ (entry.target)));
    }, { root: view.pane });
  }

  /** @param {HTMLElement[]} messages */
  watch(messages) {
    for (const message of messages) if (this.#links(message).length) this.observer.observe(message);
  }

  /** @param {HTMLElement} message */
  #links(message) {
    const links = [...message.querySelectorAll(".msg-body a[href]")].map((link) => /** @type {HTMLAnchorElement} */ (link));
    return links.filter((link) => link.origin === location.origin && OURS.test(link.pathname)).slice(0, MOST);
  }

  /** @param {HTMLElement} message */
  async #show(message) {
    for (const link of this.#links(message)) {
      const path = link.pathname + link.search;
      if (!this.known.has(path)) this.known.set(path, this.#fetch(path));
      const html = await this.known.get(path);
      if (!html || link.nextElementSibling?.matches(".preview")) continue;
      const place = document.createElement("span");
      place.className = "preview";
      place.innerHTML = html;
      const follow = this.view.nearEnd();
      link.after(place);
      if (follow) this.view.toEnd();
    }
  }

  /** @param {string} path */
  async #fetch(path) {
    try {
      const answer = await fetch(`/previews?to=${encodeURIComponent(path)}`, { redirect: "manual" });
      return answer.ok ? (await answer.text()).trim() : "";
    } catch {
      return "";
    }
  }
}
