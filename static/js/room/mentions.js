/** Offers members' names after an @, competencies after a #; what is sent carries their ids. */
export class Mentions {
  /** @param {HTMLTextAreaElement} area @param {number} community */
  constructor(area, community) {
    this.area = area;
    this.community = community;
    this.list = /** @type {HTMLElement} */ (document.getElementById("mention-list"));
    /** @type {Map<string, number>} */
    this.chosen = new Map();
    /** @type {{id: number, name: string}[]} */
    this.offered = [];
    this.at = -1;
    this.asked = 0;
    this.sign = "@";
    area.setAttribute("aria-controls", this.list.id);
    area.addEventListener("input", () => this.#offer());
    area.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      const item = /** @type {HTMLElement} */ (event.target).closest("li");
      if (!item) return;
      event.preventDefault();
      this.#take([...this.list.children].indexOf(item));
    });
  }

  get open() {
    return !this.list.hidden;
  }

  /** True when the key was for the list. @param {KeyboardEvent} event */
  key(event) {
    if (!this.open) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.#point((this.at + steps[event.key] + this.offered.length) % this.offered.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close() {
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  /** The words with ids for the names that were chosen. @param {string} text */
  write(text) {
    const names = [...this.chosen.keys()].sort((a, b) => b.length - a.length);
    return names.reduce((words, name) => words.split(name).join(`${name[0]}[${name.slice(1)}](${this.chosen.get(name)})`), text);
  }

  /** The words as one reads them; their ids are kept aside. @param {string} body */
  read(body) {
    return body.replace(/([@#])\[([^[\]\n]{1,160})\]\((\d{1,12})\)/g, (_whole, sign, name, id) => {
      this.chosen.set(sign + name, Number(id));
      return sign + name;
    });
  }

  async #offer() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const found = /(?:^|[\s(])([@#])([^\s@#][^@#\n]{0,40}|)$/.exec(before);
    const turn = ++this.asked;
    if (!found || found[2].split(" ").length > 3 || (found[1] === "#" && found[2].length < 2)) return this.close();
    this.sign = found[1];
    this.from = before.length - found[2].length - 1;
    await new Promise((resolve) => setTimeout(resolve, 120));
    if (turn !== this.asked) return undefined;
    try {
      const answer = await fetch(`/communities/${this.community}/${this.sign === "@" ? "names" : "competencies"}?q=${encodeURIComponent(found[2])}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== this.asked) return undefined;
      return this.#show((await answer.json()).people);
    } catch {
      return this.close();
    }
  }

  /** @param {{id: number, name: string, unit: string}[]} people */
  #show(people) {
    this.offered = people;
    if (!people.length) return this.close();
    this.list.replaceChildren(...people.map((person, place) => {
      const item = document.createElement("li");
      item.id = `mention-${place}`;
      item.setAttribute("role", "option");
      item.textContent = person.name;
      const unit = document.createElement("small");
      unit.textContent = person.unit;
      item.append(unit);
      return item;
    }));
    this.list.hidden = false;
    return this.#point(0);
  }

  /** @param {number} place */
  #point(place) {
    this.at = place;
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === place)));
    this.area.setAttribute("aria-activedescendant", `mention-${place}`);
    this.list.children[place]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} place */
  #take(place) {
    const person = this.offered[place];
    if (!person) return;
    this.chosen.set(this.sign + person.name, person.id);
    const end = this.area.selectionStart;
    this.area.setRangeText(`${this.sign}${person.name} `, this.from ?? end, end, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }
}
