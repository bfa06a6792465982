/** What somebody has put into forms and not yet sent. */

const own = "textarea, select, input:not([type=hidden], [type=password], [type=submit], [type=search])";

/** @param {ParentNode} root @returns {any[]} */
export function fieldsIn(root) {
  const all = /** @type {any[]} */ ([...root.querySelectorAll(own)]);
  return all.filter((field) => field.name);
}

/** Whether a field holds something else than it came with. @param {any} field */
export function isTyped(field) {
  if (isBox(field)) return field.checked !== field.defaultChecked;
  if (field.files) return field.files.length > 0;
  return field.options ? isChosen(field) : field.value !== field.defaultValue;
}

/** A list of choices that names none begins with its first, which nobody has chosen. @param {any} field */
function isChosen(field) {
  const named = field.multiple || [...field.options].some((one) => one.defaultSelected);
  return named ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.selectedIndex > 0;
}

/** @param {any} field */
export function isBox(field) {
  return field.type === "checkbox" || field.type === "radio";
}

/** What the server had put into a field. @param {any} field @returns {string} */
export function came(field) {
  if (isBox(field)) return String(field.defaultChecked);
  return field.options ? [...field.options].filter((one) => one.defaultSelected).map((one) => one.value).join("\n") : field.defaultValue;
}
