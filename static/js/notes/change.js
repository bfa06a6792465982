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

const WORDS = /\s+|[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu;
const LINES = /[^\n]*\n|[^\n]+/gu;
const MOST = 1_000_000;

/**
 * The change that makes `after` of `before`, word by word: what stayed between two changed places stays, so another's change
 * there is not undone. Very different long texts are compared by lines, and at the worst as one piece.
 * @param {string} before @param {string} after @returns {Change}
 */
export function between(before, after) {
  if (before === after) return [];
  for (const pieces of [WORDS, LINES]) {
    const change = compared(before.match(pieces) ?? [], after.match(pieces) ?? []);
    if (change) return change;
  }
  return tidy([after, -length(before)]);
}

/** @param {string[]} before @param {string[]} after @returns {Change | null} null: too much to compare */
function compared(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  if ((old.length + 1) * (now.length + 1) > MOST) return null;
  return tidy([length(before.slice(0, start).join("")), ...steps(old, now)]);
}

/** The parts that make `now` of `old`, keeping as many pieces as may be. @param {string[]} old @param {string[]} now @returns {Change} */
function steps(old, now) {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let k = now.length - 1; k >= 0; k -= 1)
      common[i * width + k] = old[i] === now[k] ? common[(i + 1) * width + k + 1] + 1 : Math.max(common[(i + 1) * width + k], common[i * width + k + 1]);
  /** @type {Change} */
  const parts = [];
  let [i, k] = [0, 0];
  let [gone, come] = ["", ""];
  const settle = () => {
    parts.push(...within(gone, come));
    [gone, come] = ["", ""];
  };
  while (i < old.length || k < now.length) {
    if (i < old.length && k < now.length && old[i] === now[k]) {
      settle();
      parts.push(length(old[i]));
      i += 1;
      k += 1;
    } else if (k < now.length && (i === old.length || common[i * width + k + 1] >= common[(i + 1) * width + k])) {
      come += now[k];
      k += 1;
    } else {
      gone += old[i];
      i += 1;
    }
  }
  settle();
  return parts;
}

/** What changed within a word that became another: all but its own beginning and end. @param {string} gone @param {string} come @returns {Change} */
function within(gone, come) {
  const [old, now] = [[...gone], [...come]];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return [start, now.slice(start, now.length - end).join(""), -(old.length - start - end), end];
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
