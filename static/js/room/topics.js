/** The list of topics beside the talk. */
export class Topics {
  /** @param {number} current */
  constructor(current) {
    this.current = current;
    this.nav = /** @type {HTMLElement} */ (document.getElementById("topics"));
    this.mould = /** @type {HTMLTemplateElement} */ (document.getElementById("topic-mould"));
  }

  /** @param {number} id @returns {HTMLAnchorElement | null} */
  row(id) {
    return this.nav.querySelector(`[data-topic="${id}"]`);
  }

  /** @param {number} id @param {string} title */
  add(id, title) {
    if (this.row(id)) return this.rename(id, title);
    const row = /** @type {HTMLAnchorElement} */ (this.mould.content.firstElementChild?.cloneNode(true));
    row.dataset.topic = String(id);
    row.href = `${row.getAttribute("href")}?topic=${id}`;
    this.nav.append(row);
    this.rename(id, title);
    return this.rise(id);
  }

  /** @param {number} id @param {string} title */
  rename(id, title) {
    const place = this.row(id)?.querySelector(".topic-title");
    if (place) place.textContent = title;
    const heading = document.getElementById("topic-title");
    if (id === this.current && heading) heading.textContent = title;
  }

  /** @param {number} id @param {boolean} resolved @param {string} word */
  settle(id, resolved, word) {
    const place = this.row(id)?.querySelector(".topic-state");
    place?.querySelector("[data-settled], svg use[href$='#check']")?.closest("svg, [data-settled]")?.remove();
    if (!place || !resolved) return;
    const mark = Object.assign(document.createElement("span"), { textContent: "✓", title: word });
    mark.dataset.settled = "";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", word);
    place.prepend(mark);
  }

  /** @param {number} id */
  drop(id) {
    this.row(id)?.remove();
  }

  /** The topic with the newest message stands right below the general talk. @param {number} id */
  rise(id) {
    const row = this.row(id);
    const general = this.nav.firstElementChild;
    if (row && general && row !== general && general.nextElementSibling !== row) general.after(row);
  }

  /** @param {number} id @param {number} count */
  count(id, count) {
    const row = this.row(id);
    const badge = row?.querySelector(".count");
    if (!row || !badge) return;
    row.dataset.unread = String(count);
    row.classList.toggle("unread", count > 0);
    badge.toggleAttribute("hidden", count <= 0);
    const place = badge.querySelector("[data-n]");
    if (place) place.textContent = count > 99 ? "99+" : String(count);
  }

  /** @param {number} id */
  more(id) {
    const row = this.row(id);
    if (!row) return;
    const shown = row.dataset.unread ?? row.querySelector("[data-n]")?.textContent ?? "0";
    this.count(id, (Number.parseInt(shown, 10) || 0) + 1);
  }

  /** @param {Record<string, number>} counts */
  all(counts) {
    this.nav.querySelectorAll("[data-topic]").forEach((row) => {
      const id = Number(/** @type {HTMLElement} */ (row).dataset.topic);
      this.count(id, counts[id] ?? 0);
    });
  }
}
