/** Says how many minutes of a session are left; it turns once a minute and never speaks up. */
import { words } from "../lib/dom.js";

/** @param {HTMLElement} clock */
export default function connect(clock) {
  const said = words(clock);
  const face = clock.querySelector("[role=timer]");
  const start = Date.parse(clock.dataset.starts ?? "");
  const end = start + Number(clock.dataset.minutes) * 60000;
  const show = () => {
    const now = Date.now();
    const [words, minutes] = now < start ? [said.before, start - now] : now <= end ? [said.left, end - now] : [said.over, now - end];
    if (face) face.textContent = words.replace("987", String(Math.ceil(minutes / 60000)));
    clock.classList.toggle("is-over", now > end);
  };
  show();
  const timer = setInterval(show, 10000);
  return () => clearInterval(timer);
}
