/**
 * One line to the server per page, shared by all who listen. The Socket.IO client is loaded when the first one asks.
 * Pushes named "count", "notice", "changed", "meeting", "offer-room", "pool-moved" and "place-moved" become DOM events, so no
 * page needs to know about sockets; so does a line that is back after it was lost, because pushes may have been missed.
 */
import { csrf } from "./lib/dom.js";

/** @type {Promise<any> | undefined} */
let line;

/** The shared connection (a Socket.IO client socket). */
export function connection() {
  line ??= open().catch((error) => {
    line = undefined; // who asks next tries again
    throw error;
  });
  return line;
}

async function open() {
  const { io } = await import("../vendor/socket.io/socket.io.esm.min.js");
  const socket = io({
    transports: ["websocket", "polling"],
    auth: (/** @type {(data: object) => void} */ give) => give({ csrf: csrf(), age: age() }),
    reconnectionDelay: 1000,
    reconnectionDelayMax: 15000,
    randomizationFactor: 0.5,
    timeout: 10000,
    tryAllTransports: true,
  });
  let quiet = 0; // the count that comes with a notice of what is being read
  socket.on("count", (/** @type {{name: string, value: number}} */ what) => {
    if (what.name === "notices" && Date.now() - quiet < 1000) quiet = 0;
    else tell("mentorlink:count", what);
  });
  socket.on("changed", (/** @type {object} */ what) => tell("mentorlink:changed", what));
  socket.on("offer-room", (/** @type {object} */ what) => tell("mentorlink:offer-room", what));
  socket.on("meeting", (/** @type {object} */ what) => tell("mentorlink:meeting", what));
  socket.on("pool-moved", () => tell("mentorlink:pool-moved", {}));
  socket.on("place-moved", () => tell("mentorlink:place-moved", {}));
  socket.on("notice", (/** @type {any} */ what) => {
    if (what.topic && !tell("mentorlink:notice", what)) return void (quiet = Date.now());
    if (typeof what.count === "number") tell("mentorlink:count", { name: "notices", value: what.count });
    if (what.text) tell("mentorlink:toast", { text: what.text, tone: what.tone ?? "info", href: what.href });
  });
  socket.on("come-back", (/** @type {{min: number, max: number}} */ wait) => {
    socket.disconnect();
    setTimeout(() => socket.connect(), wait.min + Math.random() * (wait.max - wait.min));
  });
  socket.on("connect_error", (/** @type {Error} */ error) => {
    // refused for too many lines of this person, the client would not come back by itself
    if (error.message === "too_many") setTimeout(() => socket.connect(), 20000 + Math.random() * 20000);
  });
  let before = false;
  socket.on("connect", () => {
    if (before) tell("mentorlink:line-back", {});
    before = true;
  });
  socket.on("signed-out", () => tell("mentorlink:signed-out", {}));
  window.addEventListener("pageshow", (event) => event.persisted && socket.connect());
  window.addEventListener("pagehide", () => socket.disconnect());
  window.addEventListener("online", () => !socket.connected && socket.connect());
  return socket;
}

/** Seconds since this page was asked for: what changed since then is told once the line is open. */
function age() {
  const visit = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
  return (performance.now() - (visit?.requestStart ?? 0)) / 1000;
}

/** @param {string} name @param {object} detail @returns {boolean} false where who listens wants nothing more made of it */
function tell(name, detail) {
  return document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
}
