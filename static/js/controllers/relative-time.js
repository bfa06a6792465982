/** Turns <time datetime> into "3 hours ago", keeps it true, and leaves the full date as its title. */
import { locale } from "../lib/dom.js";

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const steps = [["minute", 60], ["hour", 3600], ["day", 86400], ["week", 604800]];
/** @type {Set<() => void>} */
const all = new Set();
setInterval(() => all.forEach((show) => show()), 30000);

/** @param {HTMLTimeElement} element */
export default function connect(element) {
  const full = element.textContent?.trim() ?? "";
  const moment = Date.parse(element.dateTime);
  if (Number.isNaN(moment)) return;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  const counting = new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
  const show = () => {
    const seconds = (moment - Date.now()) / 1000;
    const words = say(format, counting, seconds);
    element.textContent = words ?? full;
    if (words) element.title = full;
  };
  show();
  all.add(show);
  return () => all.delete(show);
}

/** Yesterday and tomorrow by their names, further days by their number.
 * @param {Intl.RelativeTimeFormat} format @param {Intl.RelativeTimeFormat} counting @param {number} seconds */
function say(format, counting, seconds) {
  const size = Math.abs(seconds);
  if (size < 45) return format.format(0, "second");
  if (size >= 4 * 604800) return null;
  const [unit, length] = [...steps].reverse().find(([, each]) => size >= each * 0.75) ?? steps[0];
  const number = Math.trunc(seconds / length) || Math.sign(seconds);
  return (Math.abs(number) > 1 ? counting : format).format(number, unit);
}
