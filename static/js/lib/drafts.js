/**
 * Text of forms kept on this device until it was accepted. A draft is {fields, bases, of, sent}: `bases` is what stood in the
 * fields that were written into, `of` names the state they were written upon, `sent` (the time) is set when the form goes out,
 * with the time in its field `draft_key`. The answer to a form that was accepted names both in a cookie: that draft goes,
 * whichever page is next. Without it nothing has arrived, whatever page comes (the line broke, the sign-in was over, the form
 * had faults): the draft came `back`.
 */
const owner = document.documentElement.dataset.person ?? "";
const everyone = "mentorlink.draft.";
const prefix = `${everyone}${owner}.`;

/** @param {string} key @returns {{fields: Record<string, string>, bases?: Record<string, string>, of?: string, sent?: number, went?: number, at?: number, back?: boolean} | null} */
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

/** What a form says of its draft, for the server to say back. @param {string} key @param {number} sent */
export function draftKey(key, sent) {
  return `${encodeURIComponent(key)}@${sent}`;
}

/** Once per page: what the server says it took goes, unless something was written since; all else that was sent came back. Drafts older than 30 days go. */
export function settleDrafts() {
  const taken = confirmed();
  for (const key of ownKeys()) {
    const draft = readDraft(key);
    const sent = draft?.sent ?? draft?.went;
    const arrived = sent !== undefined && taken.includes(draftKey(key, sent));
    if (arrived || Date.now() - (draft?.at ?? 0) > 30 * 86400000) dropDraft(key);
  }
  keys(everyone).forEach((key) => unsend(everyone + key));
}

/** What answers to forms have named since the last page. @returns {string[]} */
function confirmed() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("drafts-taken="));
  if (!cookie) return [];
  document.cookie = "drafts-taken=; Max-Age=0; Path=/; SameSite=Lax";
  return cookie.slice(cookie.indexOf("=") + 1).split("|");
}

/** Its form may still be on its way from another tab: `went` keeps when. @param {string} name */
function unsend(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name) ?? "{}");
    if (draft.sent) localStorage.setItem(name, JSON.stringify({ ...draft, sent: undefined, went: draft.sent, back: true }));
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
