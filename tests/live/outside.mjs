// A client of somebody else: the official socket.io client in Node, with a cookie and the form's secret as a browser has them.
// Hears a room, says something, follows the log by its rules until it shows as many messages as wanted, and prints them.
const [, , bundle, url, cookie, csrf, room, topic, wanted] = process.argv;
const Plain = globalThis.WebSocket;
globalThis.WebSocket = class extends Plain {
  constructor(address, protocols) {
    super(address, { protocols: protocols ?? [], headers: { cookie, origin: url } });
  }
};
const { io } = await import(bundle);
const socket = io(url, { transports: ["websocket"], auth: { csrf }, reconnectionDelay: 100, reconnectionDelayMax: 300 });
const shown = [];
let cursor = 0;
let stamp = "";
let asking = false;

function take(events) {
  for (const event of events) {
    if (event.seq <= cursor) continue;
    if (event.seq > cursor + 1) return ask("room:sync");
    [cursor, stamp] = [event.seq, event.stamp];
    if (event.kind === "posted") shown.push({ seq: event.seq, id: event.id, html: event.html });
  }
  if (shown.length >= Number(wanted)) {
    process.stdout.write(JSON.stringify({ shown, receipt }) + "\n", () => process.exit(0));
  }
}

let receipt = null;

function ask(name) {
  if (asking) return;
  asking = true;
  socket.emit(name, { room: Number(room), after: cursor, stamp }, (answer) => {
    asking = false;
    if (answer.error) return process.exit(3);
    if (name === "room:join" && receipt === null) say();
    take(answer.events ?? []);
    if (answer.more) ask("room:sync");
  });
}

function say() {
  const client_id = "01890a5d-ac96-774b-bcce-b302099a8057";
  const words = { room: Number(room), topic_id: Number(topic), client_id, body: "From **JavaScript**" };
  socket.emit("message:post", words, (answer) => {
    receipt = answer;
    process.stdout.write(JSON.stringify({ joined: true }) + "\n");
  });
}

socket.on("connect", () => ask("room:join"));
socket.on("room:events", (news) => take(news.events));
socket.on("connect_error", (error) => process.stderr.write(`${error.message}\n`));
setTimeout(() => process.exit(4), 60000);
