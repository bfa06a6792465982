/**
 * Changes of a text that several people write at once. A change is a list of parts that walk over the text: a number above 0
 * keeps so many characters, one below 0 takes so many out, a text puts itself in. Characters are Unicode code points. The
 * same rules stand in mentorlink/sessions/meetings/notes/rules.py.
 * @typedef {(number | string)[]} Change
 */

/** @param {string} text */
export function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The same change with neighbours of a kind joined, nothing empty, and no keeping at the end. @param {Change} parts */
export function tidy(parts) {
  /** @type {Change} */
  const change = [];
  for (const part of parts) {
    if (!part) continue;
    const last = change.at(-1);
    if (typeof part === "string" && typeof last === "string") change[change.length - 1] = last + part;
    else if (typeof part === "number" && typeof last === "number" && part > 0 === last > 0) change[change.length - 1] = last + part;
    else if (typeof part === "string" && typeof last === "number" && last < 0) putBeforeTaking(change, part);
    else change.push(part);
  }
  while (typeof change.at(-1) === "number" && /** @type {number} */ (change.at(-1)) > 0) change.pop();
  return change;
}

/** @param {Change} change @param {string} text */
function putBeforeTaking(change, text) {
  const taken = /** @type {number} */ (change.pop());
  const last = change.at(-1);
  if (typeof last === "string") change[change.length - 1] = last + text;
  else change.push(text);
  change.push(taken);
}

/** The text after the change. @param {string} text @param {Change} change */
export function apply(text, change) {
  const characters = [...text];
  let place = 0;
  let after = "";
  for (const part of change) {
    if (typeof part === "string") {
      after += part;
      continue;
    }
    if (part > 0) after += characters.slice(place, place + part).join("");
    place += Math.abs(part);
  }
  return after + characters.slice(place).join("");
}

/**
 * [later over earlier, earlier over later]: the two orders of doing both end in the same text. Where both put something in at
 * the same place, the earlier one's stands first.
 * @param {Change} later @param {Change} earlier @returns {[Change, Change]}
 */
export function carried(later, earlier) {
  const a = tidy(later);
  const b = tidy(earlier);
  /** @type {Change} */
  const overEarlier = [];
  /** @type {Change} */
  const overLater = [];
  while (a.length || b.length) {
    if (typeof b[0] === "string") {
      overEarlier.push(length(b[0]));
      overLater.push(/** @type {string} */ (b.shift()));
    } else if (typeof a[0] === "string") {
      overLater.push(length(a[0]));
      overEarlier.push(/** @type {string} */ (a.shift()));
    } else {
      const stretch = Math.min(a.length ? Math.abs(/** @type {number} */ (a[0])) : Infinity, b.length ? Math.abs(/** @type {number} */ (b[0])) : Infinity);
      const x = take(a, stretch);
      const y = take(b, stretch);
      if (x > 0 && y > 0) {
        overEarlier.push(x);
        overLater.push(y);
      } else if (x < 0 && y > 0) overEarlier.push(x);
      else if (y < 0 && x > 0) overLater.push(y);
    }
  }
  return [tidy(overEarlier), tidy(overLater)];
}

/** Take a stretch off the head; a change that has ended keeps the rest. @param {Change} change @param {number} stretch */
function take(change, stretch) {
  if (!change.length) return stretch;
  const head = /** @type {number} */ (change[0]);
  const taken = head > 0 ? stretch : -stretch;
  if (head === taken) change.shift();
  else change[0] = head - taken;
  return taken;
}

/** The change that makes `after` of `before`: what stands between the same beginning and the same end. @param {string} before @param {string} after */
export function between(before, after) {
  if (before === after) return [];
  const [old, now] = [[...before], [...after]];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return tidy([start, now.slice(start, now.length - end).join(""), -(old.length - start - end)]);
}

/** Where a place in the text (counted as the browser counts) is after the change. @param {string} text @param {number} place @param {Change} change */
export function moved(text, place, change) {
  let here = length(text.slice(0, place));
  let walked = 0;
  for (const part of change) {
    if (walked > here) break;
    if (typeof part === "string") {
      here += length(part);
      walked += length(part);
    } else if (part > 0) walked += part;
    else here -= Math.min(-part, here - walked);
  }
  return [...apply(text, change)].slice(0, here).join("").length;
}
