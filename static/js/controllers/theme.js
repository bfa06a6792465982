/** The theme switch changes the page at once and tells the server; without script its buttons post and reload. */
import { on, post } from "../lib/dom.js";

const media = { auto: "screen and (prefers-color-scheme: dark)", dark: "screen", light: "not all" };

/** @param {HTMLFormElement} form */
export default function connect(form) {
  const stop = new AbortController();
  on(form, "submit", (event) => {
    const theme = event.submitter?.value;
    if (!(theme in media)) return;
    event.preventDefault();
    apply(theme);
    form.querySelectorAll("button[name=theme]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.getAttribute("value") === theme));
    });
    const data = new FormData(form);
    data.set("theme", theme);
    post(form.action, data);
  }, stop.signal);
  return () => stop.abort();
}

/** @param {keyof typeof media} theme */
function apply(theme) {
  document.documentElement.dataset.bsTheme = theme;
  document.getElementById("dark-colours")?.setAttribute("media", media[theme]);
}
