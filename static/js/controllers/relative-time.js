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
  const show = () => {
    const seconds = (moment - Date.now()) / 1000;
    const words = say(format, seconds);
    element.textContent = words ?? full;
    if (words) element.title = full;
  };
  show();
  all.add(show);
  return () => all.delete(show);
}

/** @param {Intl.RelativeTimeFormat} format @param {number} seconds */
function say(format, seconds) {
  const size = Math.abs(seconds);
  if (size < 45) return format.format(0, "second");
  if (size >= 4 * 604800) return null;
  const [unit, length] = [...steps].reverse().find(([, each]) => size >= each * 0.75) ?? steps[0];
  return format.format(Math.trunc(seconds / length) || Math.sign(seconds), unit);
}
