/** Keeps what is typed into a form on this device until the server has taken it. */
import { on } from "../lib/dom.js";
import { draftKey, dropDraft, readDraft, writeDraft } from "../lib/drafts.js";
import { came, fieldsIn, isBox, isTyped } from "../lib/typed.js";

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const key = form.dataset.draft;
  if (!key) return;
  const stop = new AbortController();
  let timer = 0;
  let sent = 0;
  const save = (more = {}) => writeDraft(key, { fields: read(form), bases: bases(form), of: written(form), at: Date.now(), ...more });
  restore(form, key);
  if (changed(form) || form.querySelector(".meanwhile")) save(); // typed before this script was there, or to be put together
  const rest = () => (clearTimeout(timer), (timer = 0));
  const arrived = () => readDraft(key)?.sent === sent && dropDraft(key); // not what was typed since
  on(form, "input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => (rest(), save()), 300);
  }, stop.signal);
  on(form, "submit", (event) => {
    rest();
    if (!event.defaultPrevented || form.matches("[hx-post]")) save({ sent: (sent = Date.now()) });
  }, stop.signal);
  on(form, "formdata", ({ formData }) => sent && formData.set("draft_key", draftKey(key, sent)), stop.signal);
  on(form, "htmx:afterRequest", (event) => event.detail.successful && arrived(), stop.signal);
  on(form, "mentorlink:sent", arrived, stop.signal);
  on(form, "mentorlink:unsent", () => save(), stop.signal);
  on(window, "pagehide", () => timer && !readDraft(key)?.sent && changed(form) && save(), stop.signal);
  return () => (rest(), stop.abort());
}

/** @param {HTMLFormElement} form */
function fields(form) {
  return fieldsIn(form).filter((field) => !field.files && !field.closest("[data-draft-skip]"));
}

/** @param {HTMLFormElement} form */
function read(form) {
  const values = {};
  for (const field of fields(form)) {
    values[nameOf(field)] = isBox(field) ? field.checked : field.value;
  }
  return values;
}

/** @param {HTMLFormElement} form */
function changed(form) {
  return fields(form).some(isTyped);
}

/** What stood in the fields that somebody wrote into, before. @param {HTMLFormElement} form @returns {Record<string, string>} */
function bases(form) {
  return Object.fromEntries(fields(form).filter(isTyped).map((field) => [nameOf(field), came(field)]));
}

/** @param {any} field */
function nameOf(field) {
  return isBox(field) ? `${field.name}=${field.value}` : field.name;
}

/** Upon which state of a thing one writes: its number or stamp, where the form says one. @param {HTMLFormElement} form @returns {string | undefined} */
function written(form) {
  const said = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=version], input[name=stamp]"));
  return said?.value;
}

/** @param {HTMLFormElement} form @param {string} key */
function restore(form, key) {
  const draft = readDraft(key);
  if (!draft || form.querySelector(".error-summary, .meanwhile")) return;
  const old = draft.of !== undefined && draft.of !== written(form);
  if (old && form.dataset.boxes === undefined) return beside(form, key, draft);
  let touched = false;
  for (const field of fields(form)) {
    const box = isBox(field);
    const value = draft.fields[nameOf(field)];
    if (old && draft.bases?.[nameOf(field)] !== came(field)) continue; // box by box: what nobody else wrote into since
    if (value === undefined || value === (box ? field.checked : field.value)) continue;
    box ? (field.checked = value) : (field.value = value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    touched = true;
  }
  if (old) beside(form, key, draft, touched);
  if (touched) note(form, key);
  const dialog = form.closest("dialog");
  if (dialog && (touched || changed(form))) bring(dialog, draft);
}

/**
 * What was written upon a state that is no more stands above the form as text: put into it, it would undo what another wrote.
 * @param {HTMLFormElement} form @param {string} key @param {{fields: Record<string, any>, bases?: Record<string, string>}} draft
 * @param {boolean} [some] some of it went into the form
 */
function beside(form, key, draft, some = false) {
  if (document.querySelector(`.was-written[data-of="${CSS.escape(key)}"]`)) return;
  const own = (/** @type {any} */ field) => !draft.bases || nameOf(field) in draft.bases;
  const differs = (/** @type {any} */ field) => own(field) && !isBox(field) && !field.options && (draft.fields[field.name] ?? field.value) !== field.value;
  const text = fields(form).filter(differs).map((field) => String(draft.fields[field.name]).trim()).filter(Boolean).join("\n\n");
  const mould = /** @type {HTMLTemplateElement | null} */ (document.getElementById("draft-mould"));
  if (!text || !mould) return some ? undefined : dropDraft(key);
  const card = document.createElement("section");
  card.className = "alert tone-info was-written";
  card.dataset.of = key;
  card.innerHTML = '<div class="alert-body"><p class="alert-title"></p><p class="said"></p></div>';
  const [title, said] = /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll("p"));
  title.textContent = mould.dataset.written ?? "";
  said.textContent = text;
  const away = mould.content.querySelector("button")?.cloneNode(true);
  if (away) said.after(away);
  away?.addEventListener("click", () => (dropDraft(key), card.remove()));
  form.before(card);
}

/** What waits in a closed dialog is not seen: what was sent in vain opens it again, anything else is told beside its button. @param {HTMLDialogElement} dialog @param {{back?: boolean}} draft */
function bring(dialog, draft) {
  if (draft.back) {
    dialog.dataset.open = "";
    dialog.dispatchEvent(new Event("mentorlink:open", { bubbles: true }));
    return;
  }
  const words = /** @type {HTMLElement | null} */ (document.getElementById("draft-mould"))?.dataset.waits;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(dialog.id)}"]:not([data-close])`);
  if (!words || !opener || opener.nextElementSibling?.matches(".draft-waits")) return;
  const line = document.createElement("p");
  line.className = "draft-waits";
  line.textContent = words;
  opener.after(line);
}

/** @param {HTMLFormElement} form @param {string} key */
function note(form, key) {
  const mould = /** @type {HTMLTemplateElement | null} */ (document.getElementById("draft-mould"));
  if (!mould || form.dataset.draftQuiet !== undefined) return;
  const line = /** @type {HTMLElement} */ (mould.content.firstElementChild?.cloneNode(true));
  line.querySelector("button")?.addEventListener("click", () => {
    dropDraft(key);
    form.reset();
    form.querySelectorAll("textarea").forEach((area) => area.dispatchEvent(new Event("change")));
    form.closest("dialog")?.parentElement?.querySelector(".draft-waits")?.remove();
    line.remove();
  });
  form.prepend(line);
}
