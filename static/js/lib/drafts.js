/**
 * Text of forms kept on this device until it was accepted. A draft is {fields, sent}: `sent` is set when its form goes
 * out. The next page decides: on an error or sign-in page the draft came `back`, any other page means it arrived.
 */
const owner = document.documentElement.dataset.person ?? "";
const everyone = "mentorlink.draft.";
const prefix = `${everyone}${owner}.`;

/** @param {string} key @returns {{fields: Record<string, string>, sent?: number, at?: number, back?: boolean} | null} */
export function readDraft(key) {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {object} draft */
export function writeDraft(key, draft) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(draft));
  } catch {
    /* Storage is full or forbidden: the form works without it. */
  }
}

/** @param {string} key */
export function dropDraft(key) {
  forget(prefix + key);
}

/** @param {string} name */
function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    /* Nothing was kept then. */
  }
}

/** Forget all drafts and kept notes of the person on this page: another may use the device next. */
export function dropAllDrafts() {
  for (const key of ownKeys()) dropDraft(key);
  const notes = `mentorlink.notes.${owner}.`;
  if (owner) for (const key of keys(notes)) forget(notes + key);
}

/**
 * Once per page. On an error or sign-in page nothing has arrived, whoever sent it. On any other page what was sent has
 * arrived, unless its form came back with faults or the person came back to it with the back button. Drafts older
 * than 30 days go.
 */
export function settleDrafts() {
  if (document.documentElement.dataset.page !== "ok") return keys(everyone).forEach((key) => unsend(everyone + key));
  for (const key of ownKeys()) {
    const draft = readDraft(key);
    const old = Date.now() - (draft?.at ?? 0) > 30 * 86400000;
    if (!draft?.sent && !old) continue;
    if (!old && cameBack(key)) unsend(prefix + key);
    else dropDraft(key);
  }
}

/** @param {string} key */
function cameBack(key) {
  const form = document.querySelector(`form[data-draft="${CSS.escape(key)}"]`);
  const visit = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
  return Boolean(form && (visit?.type === "back_forward" || form.querySelector(".error-summary, .form-error")));
}

/** @param {string} name */
function unsend(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name) ?? "{}");
    if (draft.sent) localStorage.setItem(name, JSON.stringify({ ...draft, sent: undefined, back: true }));
  } catch {
    /* Not readable: leave it. */
  }
}

function ownKeys() {
  return owner ? keys(prefix) : [];
}

/** @param {string} start */
function keys(start) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(start));
    return names.map((name) => name.slice(start.length));
  } catch {
    return [];
  }
}
