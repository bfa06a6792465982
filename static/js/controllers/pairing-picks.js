/** Keeps who is chosen for comparing, while one filters and turns pages: the choice stands in the address. */
import { announce, on } from "../lib/dom.js";

/** @param {HTMLElement} results */
export default function connect(results) {
  const bar = /** @type {HTMLElement | null} */ (results.querySelector("[data-pick-bar]"));
  const form = /** @type {HTMLFormElement | null} */ (results.querySelector("#picks"));
  if (!bar || !form) return;
  const said = JSON.parse(results.dataset.picks || "{}");
  const stop = new AbortController();
  on(results, "change", (event) => {
    if (event.target.name !== "pick") return;
    const picked = show(results, bar, form, said);
    keep(results, picked);
    announce(bar.querySelector("[data-pick-say]")?.textContent ?? "");
  }, stop.signal);
  on(form, "submit", (event) => {
    if (chosen(form).length >= 2) return;
    event.preventDefault();
    announce(said.none);
  }, stop.signal);
  show(results, bar, form, said);
  return () => stop.abort();
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  return [...new Set(new FormData(form).getAll("pick").map(String))];
}

/** @param {HTMLElement} results @param {HTMLElement} bar @param {HTMLFormElement} form @param {any} said */
function show(results, bar, form, said) {
  const picked = chosen(form);
  const say = bar.querySelector("[data-pick-say]");
  const words = picked.length === 0 ? said.none : picked.length === 1 ? said.one : said.some.replace("987", String(picked.length));
  if (say) say.textContent = picked.length >= said.most ? said.full : words;
  const go = /** @type {HTMLButtonElement | null} */ (bar.querySelector("[data-pick-go]"));
  if (go) go.disabled = picked.length < 2;
  bar.classList.toggle("is-open", picked.length > 0);
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (results.querySelectorAll("input[name=pick]"))) {
    box.disabled = !box.checked && picked.length >= said.most;
  }
  return picked;
}

/** Into the address, the filters and the links of the list. @param {HTMLElement} results @param {string[]} picked */
function keep(results, picked) {
  history.replaceState(history.state, "", withPicks(location.href, picked));
  const place = document.querySelector("[data-picked]");
  place?.replaceChildren(...picked.map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "pick", value })));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (results.querySelectorAll(".pagination a, .hint-list a, .empty a"))) {
    if (new URL(link.href).pathname === location.pathname) link.href = withPicks(link.href, picked);
  }
}

/** @param {string} address @param {string[]} picked */
function withPicks(address, picked) {
  const url = new URL(address, location.href);
  url.searchParams.delete("pick");
  picked.forEach((value) => url.searchParams.append("pick", value));
  return url.href;
}
