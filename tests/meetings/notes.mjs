// Two devices and a server that write one text at once, in a random order of typing, sending, losing the answer and hearing late.
// Prints one line of JSON: what was seen. Used by test_notes_script.py.
const folder = new URL("../../static/js/notes/", import.meta.url);
const { apply, between, carried, moved } = await import(new URL("change.js", folder));
const { SharedText } = await import(new URL("text.js", folder));

let seed = 7;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const one = (things) => things[Math.floor(random() * things.length)];
const ALPHABET = ["a", "b", " ", "\n", "😀", "é", "kata", "\u0301"];
const drawn = (most) => Array.from({ length: Math.floor(random() * most) }, () => one(ALPHABET)).join("");

class Server {
  constructor(text) {
    this.text = text;
    this.log = [];
  }

  take({ id, base, change }) {
    if (!this.log.some((row) => row.id === id)) {
      let carriedOver = change;
      for (const row of this.log.slice(base)) [carriedOver] = carried(carriedOver, row.change);
      this.text = apply(this.text, carriedOver);
      this.log.push({ seq: this.log.length + 1, id, change: carriedOver });
    }
    return this.log.slice(base);
  }
}

const FIRST = 0xe000;
const isMark = (sign) => sign >= String.fromCodePoint(FIRST) && sign <= "\uf8ff";
let mark = 0;
function type(device) {
  const characters = [...device.text];
  const at = Math.floor(random() * (characters.length + 1));
  const sign = String.fromCodePoint(FIRST + (mark++ % 6000));
  const gone = random() < 0.3 && !characters.slice(at, at + 2).some(isMark) ? 2 : 0;
  characters.splice(at, gone, sign);
  device.text = characters.join("");
  return sign;
}

function talk(server, device, { lost = false } = {}) {
  const out = device.outgoing();
  const news = out ? server.take(out) : server.log.slice(device.seq);
  if (!lost) device.receive(JSON.parse(JSON.stringify(news)));
}

const seen = { rounds: 0, apart: 0, gone: 0, lost: 0, differences: 0, wrong: 0, carets: 0, jumped: 0 };
for (let round = 0; round < 300; round += 1) {
  const server = new Server(drawn(12));
  const devices = [SharedText.begin(0, server.text), SharedText.begin(0, server.text)];
  const words = [];
  for (let turn = 0; turn < 25; turn += 1) {
    const which = random() < 0.5 ? 0 : 1;
    const act = random();
    if (act < 0.5) words.push(type(devices[which]));
    else if (act < 0.65) {
      talk(server, devices[which], { lost: true });
      seen.lost += 1;
    } else if (act < 0.7) devices[which] = new SharedText(JSON.parse(JSON.stringify(devices[which].kept())));
    else talk(server, devices[which]);
  }
  for (let turn = 0; turn < 6; turn += 1) for (const device of devices) talk(server, device);
  seen.rounds += 1;
  if (devices.some((device) => device.text !== server.text || !device.clean)) seen.apart += 1;
  seen.gone += words.filter((word) => !server.text.includes(word)).length;
}
for (let round = 0; round < 2000; round += 1) {
  const [before, after] = [drawn(14), drawn(14)];
  seen.differences += 1;
  if (apply(before, between(before, after)) !== after) seen.wrong += 1;
  const change = between(before, after);
  const place = [...before].slice(0, Math.floor(random() * ([...before].length + 1))).join("").length;
  const there = moved(before, place, change);
  seen.carets += 1;
  const same = typeof change[0] === "number" && change[0] > [...before.slice(0, place)].length;
  if (there < 0 || there > after.length || (same && there !== place)) seen.jumped += 1;
}
const [mine] = carried(between("A B C", "xA B Cy"), between("A B C", "A D C"));
seen.kept = apply("A D C", mine);
const [later] = carried(between("abc", "abcX"), between("abc", "abcY"));
seen.one_word = apply("abcY", later);
console.log(JSON.stringify(seen));
