/**
 * Starts the controllers a page names in data-controller, also in content that htmx or a live push puts in later.
 * A controller is js/controllers/<name>.js with `export default function connect(element)`; what it returns is called
 * when its element leaves the page. The page says data-started on <html> once all it came with are there.
 */
import { askBefore } from "./lib/confirm.js";
import { announce, on, setCount, toast } from "./lib/dom.js";
import { settleDrafts } from "./lib/drafts.js";
import { guardForms } from "./lib/once.js";

/** The version of this module's address, handed on to the modules it loads. */
const version = new URL(import.meta.url).search;
/** @type {WeakMap<Element, Map<string, (() => void) | void>>} */
const connected = new WeakMap();

/** @param {Element} element @param {string} name */
async function connect(element, name) {
  const own = connected.get(element) ?? new Map();
  connected.set(element, own);
  if (own.has(name)) return;
  own.set(name, undefined);
  try {
    const module = await import(`./controllers/${name}.js${version}`);
    if (element.isConnected) own.set(name, module.default(element));
  } catch (error) {
    own.delete(name);
    console.error(`controller ${name}`, error);
  }
}

/** @template T @param {ParentNode & Node} root @param {(element: Element) => T} visit @returns {T[]} */
function each(root, visit) {
  const found = [...root.querySelectorAll("[data-controller]")];
  if (root instanceof Element && root.matches("[data-controller]")) found.unshift(root);
  return found.map(visit);
}

/** @param {Element} element */
function start(element) {
  const names = (element.getAttribute("data-controller") ?? "").split(/\s+/).filter(Boolean);
  return Promise.all(names.map((name) => connect(element, name)));
}

/** @param {Element} element */
function stop(element) {
  for (const disconnect of connected.get(element)?.values() ?? []) if (disconnect) disconnect();
  connected.delete(element);
}

/** Messages written without a line go out from any page; a room's own page sees to its own. */
async function sendWhatWaits() {
  const person = document.documentElement.dataset.person;
  if (!person || !waits(`mentorlink.outbox.${person}.`) || document.querySelector("[data-controller~=community-room]")) return;
  const { flush } = await import(`./room/outbox.js${version}`);
  flush(person, (/** @type {string} */ why, /** @type {number} */ room) => toast(why, "bad", `/rooms/${room}`));
}

/** @param {string} start */
function waits(start) {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(start));
  } catch {
    return false;
  }
}

new MutationObserver((records) => {
  for (const record of records) {
    for (const node of record.removedNodes) if (node instanceof Element && !node.isConnected) each(node, stop);
    for (const node of record.addedNodes) if (node instanceof Element) each(node, start);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
  // the row alone: `scrollIntoView` would scroll the page too where the tabs lie below the window
  const row = /** @type {HTMLElement} */ (tab.closest(".tabs"));
  const [here, whole] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += here.left - whole.left - (whole.width - here.width) / 2;
});
settleDrafts();
sendWhatWaits();
askBefore();
guardForms();
Promise.all(each(document, start)).then(() => (document.documentElement.dataset.started = ""));

on(document, "mentorlink:count", ({ detail }) => setCount(detail.name, detail.value));
on(document, "mentorlink:toast", ({ detail }) => toast(detail.text, detail.tone, detail.href));
on(document, "mentorlink:announce", ({ detail }) => announce(detail.text));
for (const problem of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  on(document, problem, () => toast(document.body.dataset.loadFailed ?? "", "bad"));
}
