/**
 * An assessment sheet: one competency open at a time, what was chosen beside its name, a count at the foot.
 * A click or tap goes on to the next; the keyboard does not, since arrow keys pass over every choice.
 */
import { on, words } from "../lib/dom.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  const say = words(form);
  const cards = /** @type {HTMLDetailsElement[]} */ ([...form.querySelectorAll(".sheet-card")]);
  const box = /** @type {HTMLElement | null} */ (form.querySelector("[data-sheet-progress]"));
  const chosen = (/** @type {HTMLElement} */ card) => /** @type {HTMLInputElement | null} */ (card.querySelector("input:checked"));

  function show() {
    for (const card of cards) {
      const badge = /** @type {HTMLElement} */ (card.querySelector("[data-sheet-choice]"));
      const choice = chosen(card);
      card.classList.toggle("is-answered", Boolean(choice));
      badge.hidden = !choice;
      if (choice) badge.textContent = choice.value === "0" ? say.none : say.level.replace("{n}", choice.value);
    }
    if (!box) return;
    const done = cards.filter(chosen).length;
    /** @type {HTMLProgressElement} */ (box.querySelector("progress")).value = done;
    /** @type {HTMLElement} */ (box.querySelector("[data-sheet-done]")).textContent = String(done);
  }

  /** @param {HTMLDetailsElement} from */
  function goOn(from) {
    const next = cards.slice(cards.indexOf(from) + 1).find((card) => !chosen(card));
    from.open = false;
    if (!next) return;
    next.open = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    next.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  function begin() {
    const first = cards.find((card) => !chosen(card));
    for (const card of cards) card.open = card === first;
    show();
  }

  if (box) box.hidden = false;
  on(form, "change", show, stop.signal);
  on(form, "pointerup", (event) => {
    const label = event.target.closest?.(".level-choices label");
    const card = label?.closest(".sheet-card");
    if (card) setTimeout(() => chosen(card) && goOn(card), 350);
  }, stop.signal);
  begin();
  const drafted = setTimeout(begin, 250);
  return () => {
    clearTimeout(drafted);
    stop.abort();
  };
}
