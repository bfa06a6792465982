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

  /** @param {number} id @param {boolean} resolved */
  settle(id, resolved) {
    const place = this.row(id)?.querySelector(".topic-state");
    place?.querySelector("svg use[href$='#check']")?.closest("svg")?.remove();
    const mould = /** @type {HTMLTemplateElement} */ (document.getElementById("settled-mould"));
    if (place && resolved) place.prepend(mould.content.cloneNode(true));
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

  /** One more that the reader has not seen, unless they muted it. @param {number} id */
  more(id) {
    const row = this.row(id);
    const choice = row?.dataset.choice;
    if (!row || choice === "mute" || ("muted" in this.nav.dataset && choice !== "follow")) return;
    this.count(id, this.unread(id) + 1);
  }

  /** @param {number} id */
  unread(id) {
    const row = this.row(id);
    return Number.parseInt(row?.dataset.unread ?? row?.querySelector("[data-n]")?.textContent ?? "0", 10) || 0;
  }

  /** The rows in this order. @param {number[]} ids */
  arrange(ids) {
    const rows = ids.map((id) => this.row(id)).filter((row) => row !== null);
    if (rows.some((row, place) => this.nav.children[place] !== row)) this.nav.prepend(...rows);
  }

  /** @param {Record<string, number>} counts */
  all(counts) {
    this.nav.querySelectorAll("[data-topic]").forEach((row) => {
      const id = Number(/** @type {HTMLElement} */ (row).dataset.topic);
      this.count(id, counts[id] ?? 0);
    });
  }
}
