// A wide chart larger and smaller, inside a field that scrolls.
import { on, words } from "../lib/dom.js";

const STEPS = [1, 1.5, 2, 3];

export default function connect(element) {
  const said = words(element);
  const chart = element.querySelector("svg");
  const abort = new AbortController();
  const bar = document.createElement("div");
  bar.className = `chart-zoom no-print${element.classList.contains("only-wide") ? " only-wide" : ""}`;
  let step = 0;

  const button = (text, change) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-sm";
    one.textContent = text;
    on(one, "click", () => show(change()), abort.signal);
    bar.append(one);
    return one;
  };
  const larger = button(said.larger, () => step + 1);
  const smaller = button(said.smaller, () => step - 1);

  function show(next) {
    const middle = (element.scrollLeft + element.clientWidth / 2) / element.scrollWidth;
    step = Math.min(STEPS.length - 1, Math.max(0, next));
    chart.style.width = `${STEPS[step] * 100}%`;
    element.scrollLeft = middle * element.scrollWidth - element.clientWidth / 2;
    larger.disabled = step === STEPS.length - 1;
    smaller.disabled = step === 0;
  }

  element.before(bar);
  show(0);
  return () => {
    abort.abort();
    bar.remove();
  };
}
