/** Lets this browser be told while no page is open: asks the person, then the browser, then tells the server. */
import { on, post, toast } from "../lib/dom.js";

/** @param {HTMLElement} element */
export default function connect(element) {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) return undefined;
  /** @type {HTMLElement | null} */ (element.querySelector("[data-unable]"))?.setAttribute("hidden", "");
  element.querySelector("[data-able]")?.removeAttribute("hidden");
  const stop = new AbortController();
  const button = /** @type {HTMLButtonElement} */ (element.querySelector("[data-add]"));
  on(button, "click", () => add(element, button), stop.signal);
  return () => stop.abort();
}

/** @param {HTMLElement} element @param {HTMLButtonElement} button */
async function add(element, button) {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      toast(element.dataset.refused ?? "", "warn");
      return;
    }
    await navigator.serviceWorker.register(element.dataset.worker ?? "", { scope: "/" });
    const worker = await navigator.serviceWorker.ready;
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    const key = element.dataset.key ?? "";
    const found = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    const form = new FormData();
    form.set("endpoint", found.endpoint ?? "");
    form.set("public", found.keys?.p256dh ?? "");
    form.set("shared", found.keys?.auth ?? "");
    if (!(await post(element.dataset.url ?? "", form)).ok) throw new Error("refused");
    location.reload();
  } catch {
    toast(element.dataset.failed ?? "", "bad");
  } finally {
    button.disabled = false;
  }
}
