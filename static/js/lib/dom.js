/** Small tools that controllers share. */

/**
 * Listen until the signal says stop.
 * @param {EventTarget} target @param {string} type @param {(event: any) => void} listener @param {AbortSignal} [signal]
 */
export function on(target, type, listener, signal) {
  target.addEventListener(type, listener, { signal });
}

/** Heads of a request that an open page makes by itself: it keeps no sign-in awake. */
export const UNASKED = { Accept: "text/html", "X-Unasked": "1" };

/** The page's language as the browser's formatters want it. */
export function locale() {
  return document.documentElement.lang || "id";
}

/** The token that every unsafe request carries. */
export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/** Words a template gives to a controller, as JSON in data-words. @param {HTMLElement} element */
export function words(element) {
  return JSON.parse(element.dataset.words || "{}");
}

/** A signal that gives a request up after so many seconds. @param {number} seconds */
export function patience(seconds) {
  return AbortSignal.timeout?.(seconds * 1000);
}

/**
 * POST JSON, a form or a FormData with the token, and hand back the answer.
 * @param {string} url @param {FormData | HTMLFormElement | object} data @param {AbortSignal} [signal]
 */
export function post(url, data, signal) {
  const headers = { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" };
  const form = data instanceof HTMLFormElement ? new FormData(data) : data;
  if (form instanceof FormData) return fetch(url, { method: "POST", body: form, headers, signal });
  return fetch(url, { method: "POST", body: JSON.stringify(form), headers: { ...headers, "Content-Type": "application/json" }, signal });
}

/** What the server says about a refusal, in its words; empty where it says nothing. @param {Response} answer @returns {Promise<string>} */
export async function sentence(answer) {
  try {
    const { error, errors } = await answer.json();
    return error?.sentence || Object.values(errors ?? {}).flat().join(" ");
  } catch {
    return "";
  }
}

/** Say something to screen readers without moving the focus. @param {string} text */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 60);
}

/**
 * Show a toast; the markup is the template's own.
 * @param {string} text @param {string} [tone] @param {string} [href]
 */
export function toast(text, tone = "info", href) {
  const mould = /** @type {HTMLTemplateElement | null} */ (document.getElementById("toast-mould"));
  const region = document.getElementById("toasts");
  if (!mould || !region || !text) return;
  const item = /** @type {HTMLElement} */ (mould.content.firstElementChild?.cloneNode(true));
  item.classList.replace("tone-info", `tone-${tone}`);
  item.dataset.tone = tone;
  const place = item.querySelector(".toast-text");
  if (place && href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    place.replaceChildren(link);
  } else if (place) place.textContent = text;
  region.append(item);
}

/** Set every counter of that name; at zero it is hidden. @param {string} name @param {number} value */
export function setCount(name, value) {
  document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`).forEach((element) => {
    element.textContent = value > 99 ? "99+" : value > 0 ? String(value) : "";
    element.toggleAttribute("hidden", value <= 0);
  });
  document.querySelectorAll(`[data-count-label="${CSS.escape(name)}"]`).forEach((element) => {
    const label = /** @type {HTMLElement} */ (element).dataset;
    const words = value > 0 ? (label.some ?? "").replace("0", String(value)) : (label.none ?? "");
    element.setAttribute("aria-label", words);
  });
}
