/** Brings the tab of this page into view where the row of tabs is wider than the screen. */

/** @param {HTMLElement} element */
export default function connect(element) {
  const row = element.querySelector(".tabs");
  const here = element.querySelector("[aria-current]");
  if (!(row instanceof HTMLElement) || !(here instanceof HTMLElement)) return;
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  row.toggleAttribute("data-moved", row.scrollLeft > 4);
}
