// What a device does with what was written and with what it asks, where the line, the storage or another tab does not behave.
// No browser and no server: time, storage, locks and answers are played. Prints the scenes that went wrong.
import assert from "node:assert/strict";

const [, , root] = process.argv;

/** Time that passes when it is told to. */
class Clock {
  constructor() {
    this.now = 1_700_000_000_000;
    this.waiting = [];
    this.last = 0;
  }

  set(what, pause = 0) {
    this.waiting.push({ id: ++this.last, at: this.now + pause, what });
    return this.last;
  }

  clear(id) {
    this.waiting = this.waiting.filter((one) => one.id !== id);
  }

  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const next = this.waiting.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at || one.id - other.id)[0];
      if (!next) break;
      this.clear(next.id);
      this.now = Math.max(this.now, next.at);
      next.what();
    }
    this.now = end;
    await settled();
  }
}

const pause = globalThis.setImmediate;

/** All that follows without time passing has followed. */
async function settled() {
  for (let turn = 0; turn < 40; turn++) await new Promise((go) => pause(go));
}

/** A browser's storage; `full` refuses what is new. */
function storage() {
  const kept = {};
  const hidden = (name, value) => Object.defineProperty(kept, name, { value, enumerable: false, writable: true });
  hidden("full", false);
  hidden("getItem", (name) => (Object.hasOwn(kept, name) ? kept[name] : null));
  hidden("removeItem", (name) => delete kept[name]);
  hidden("setItem", (name, value) => {
    if (kept.full) throw new Error("full");
    kept[name] = String(value);
  });
  return kept;
}

/** Locks that every tab shares; one is free again only a moment after what was done under it. */
class Locks {
  constructor() {
    this.held = new Set();
  }

  async request(name, _how, act) {
    if (this.held.has(name)) return act(null);
    this.held.add(name);
    try {
      return await act({ name });
    } finally {
      for (let turn = 0; turn < 3; turn++) await new Promise((go) => pause(go));
      this.held.delete(name);
    }
  }
}

/** A server that keeps each message once; `answers` says what it does with the next requests, one each. */
class Server {
  constructor() {
    this.kept = [];
    this.answers = [];
    this.asked = 0;
  }

  fetch = (url, { body, signal } = {}) => {
    this.asked += 1;
    const answer = this.answers.shift() ?? "ok";
    return new Promise((give, refuse) => {
      signal?.addEventListener("abort", () => refuse(new Error("too late")));
      if (answer === "silence") return;
      if (answer === "no line") return refuse(new Error("no line"));
      if (typeof answer === "object") return give(answer);
      const id = body?.get("client_id");
      if (id && !this.kept.some((one) => one.id === id)) this.kept.push({ id, body: body.get("body") });
      if (answer === "lost receipt") return refuse(new Error("cut"));
      give(Response.json({ seq: this.kept.length, id: this.kept.length, duplicate: false }));
    });
  };

  get words() {
    return this.kept.map(({ body }) => body);
  }
}

let clock, server, listeners;

function begin() {
  [clock, server, listeners] = [new Clock(), new Server(), {}];
  Object.assign(globalThis, {
    localStorage: storage(),
    fetch: server.fetch,
    setTimeout: (what, after) => clock.set(what, after),
    clearTimeout: (id) => clock.clear(id),
    document: { hidden: false, querySelector: () => ({ getAttribute: () => "token" }), addEventListener: () => undefined, documentElement: { lang: "en", dataset: {} } },
    location: { reload: () => undefined },
    HTMLFormElement: class {},
  });
  globalThis.window = globalThis;
  globalThis.addEventListener = (name, hear) => (listeners[name] ??= []).push(hear);
  Object.defineProperty(globalThis, "navigator", { value: { locks: new Locks() }, configurable: true });
  Date.now = () => clock.now;
  AbortSignal.timeout = (after) => {
    const control = new AbortController();
    clock.set(() => control.abort(), after);
    return control.signal;
  };
}

const { Outbox, newClientId } = await import(`${root}/static/js/room/outbox.js`);
const { RoomLog } = await import(`${root}/static/js/room/log.js`);
const { Wire } = await import(`${root}/static/js/room/wire.js`);

function tab() {
  const box = new Outbox({ person: 1, room: 7, url: "/rooms/7/messages", onChange: () => undefined, onSent: (_item, receipt) => box.receipts.push(receipt) });
  box.receipts = [];
  box.write = (body) => box.add({ client_id: newClientId(), topic_id: 3, body, reply_to_id: "", at: Date.now() });
  return box;
}

function refusal(status, facts = {}, headers = {}) {
  return new Response(JSON.stringify(facts), { status, headers });
}

function wire(socket = null) {
  const entries = [];
  const states = [];
  const log = new RoomLog({ cursor: 0, stamp: "", topic: 3, atEnd: true, messages: [] });
  const it = new Wire({ room: 7, log, onChanges: (changes) => entries.push(...changes), onLine: (state) => states.push(state), onHere: () => undefined, onTyping: () => undefined, onSeen: () => undefined });
  Object.assign(it, { socket, joined: Boolean(socket), entries, states });
  return it;
}

const news = (...numbers) => ({ last: numbers.at(-1) ?? 0, more: false, events: numbers.map((seq) => ({ seq, kind: "topic", stamp: "s", topic: seq, title: "t" })) });

const scenes = {
  async "written while the sending before it ends, it goes out at once"() {
    const box = tab();
    box.write("one");
    await settled();
    box.write("two");
    await clock.pass(0);
    assert.deepEqual(server.words, ["one", "two"]);
  },

  async "written while another tab has the turn, it goes out soon after"() {
    const other = navigator.locks.request("mentorlink.outbox.1.7", {}, () => new Promise((done) => clock.set(done, 5000)));
    const box = tab();
    box.write("one");
    await clock.pass(4000);
    assert.deepEqual(server.words, []);
    await clock.pass(4000);
    await other;
    assert.deepEqual(server.words, ["one"]);
  },

  async "a tab that sleeps with the turn is not waited for for ever"() {
    navigator.locks.request("mentorlink.outbox.1.7", {}, () => new Promise(() => undefined));
    const box = tab();
    box.write("one");
    await clock.pass(70_000);
    assert.deepEqual(server.words, ["one"]);
  },

  async "an answer that never comes is given up, and what waits behind it goes on in its order"() {
    server.answers = ["silence"];
    const box = tab();
    box.write("one");
    box.write("two");
    await clock.pass(40_000);
    assert.deepEqual(server.words, ["one", "two"]);
    assert.deepEqual(box.items(), []);
  },

  async "a receipt that was lost is asked for again, and the message stands once"() {
    server.answers = ["lost receipt", "no line", "ok"];
    const box = tab();
    box.write("one");
    box.write("two");
    await clock.pass(20_000);
    assert.deepEqual(server.words, ["one", "two"]);
    assert.deepEqual(box.receipts.length, 2);
  },

  async "a server that is busy is tried again more and more slowly, and nothing is marked as not sent"() {
    server.answers = Array.from({ length: 6 }, () => refusal(503));
    const box = tab();
    box.write("one");
    await clock.pass(10_000);
    assert.ok(server.asked < 6);
    assert.equal(box.items()[0].failed, undefined);
    await clock.pass(110_000);
    assert.deepEqual(server.words, ["one"]);
  },

  async "who is told to wait waits so long, whatever else happens"() {
    server.answers = [refusal(429, { error: { sentence: "slowly" } }, { "Retry-After": "120" })];
    const box = tab();
    box.write("one");
    await settled();
    for (let second = 0; second < 110; second += 10) {
      box.send(); // the line is back again and again
      await clock.pass(10_000);
    }
    assert.equal(server.asked, 1);
    await clock.pass(15_000);
    assert.deepEqual(server.words, ["one"]);
  },

  async "what the browser does not keep the page keeps, and sends"() {
    localStorage.full = true;
    server.answers = ["no line"];
    const box = tab();
    box.write("one");
    box.write("two");
    await settled();
    assert.deepEqual(box.items().map(({ body }) => body), ["one", "two"]);
    await clock.pass(5000);
    assert.deepEqual(server.words, ["one", "two"]);
  },

  async "a storage that is full by now makes nobody ask again for what was refused"() {
    const box = tab();
    server.answers = ["no line", refusal(409)];
    box.write("one");
    await settled();
    localStorage.full = true;
    await clock.pass(5000);
    assert.ok(box.items()[0].failed);
    await clock.pass(60_000);
    assert.equal(server.asked, 2);
  },

  async "what the page alone keeps gives way to what another tab says of it later"() {
    const box = tab();
    server.answers = ["no line", refusal(409)];
    box.write("one");
    await settled();
    const [{ client_id }] = box.items();
    localStorage.full = true;
    await clock.pass(5000);
    assert.ok(box.items()[0].failed);
    localStorage.full = false;
    tab().drop(client_id);
    for (const hear of listeners.storage) hear({ key: `mentorlink.outbox.1.7.${client_id}`, newValue: null });
    assert.deepEqual(box.items(), []);
  },

  async "another tab that sends is waited for anew each time"() {
    const turn = () => navigator.locks.request("mentorlink.outbox.1.7", {}, () => new Promise((done) => clock.set(done, 1500)));
    const box = tab();
    let other = turn();
    box.write("one");
    await settled();
    tab().drop(box.items()[0].client_id); // the other tab has sent it
    await clock.pass(3_600_000);
    await other;
    other = turn();
    box.write("two");
    await settled();
    assert.equal(server.asked, 0);
    await clock.pass(10_000);
    await other;
    assert.deepEqual(server.words, ["two"]);
  },

  async "two tabs that write at the same time keep both, and a third finds them after a crash"() {
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
    server.answers = ["silence", "silence"];
    const [one, two] = [tab(), tab()];
    one.write("one");
    two.write("two");
    one.drop("nothing of this name");
    await settled();
    const third = tab();
    assert.deepEqual(third.items().map(({ body }) => body), ["one", "two"]);
  },

  async "what another tab settled meanwhile does not come back as not sent"() {
    const box = tab();
    globalThis.fetch = () => new Promise((give) => clock.set(() => give(refusal(409)), 1000));
    box.write("one");
    await settled();
    tab().drop(box.items()[0].client_id);
    await clock.pass(2000);
    assert.deepEqual(box.items(), []);
  },

  async "without a line it asks by requests, and an answer that never comes holds up no later question"() {
    let asked = 0;
    globalThis.fetch = (_url, { signal }) => new Promise((give, refuse) => {
      asked += 1;
      if (asked === 1) return signal.addEventListener("abort", () => refuse(new Error("too late")));
      give(Response.json(news(1)));
    });
    const it = wire();
    const first = it.ask();
    await clock.pass(25_000);
    assert.equal(await first, false);
    assert.equal(await it.ask(), true);
    assert.equal(it.log.cursor, 1);
  },

  async "a line that is dead and does not know it is asked past"() {
    globalThis.fetch = async () => Response.json(news(1, 2));
    const it = wire({ connected: true, timeout: () => ({ emitWithAck: async () => { throw new Error("no answer"); } }) });
    assert.equal(await it.ask(), true);
    assert.equal(it.log.cursor, 2);
    assert.equal(it.joined, false, "it joins again with the next question");
  },

  async "a question put during another is asked after it, because that answer may be older"() {
    const answers = [];
    const it = wire({ connected: true, timeout: () => ({ emitWithAck: () => new Promise((give) => answers.push(give)) }) });
    it.ask();
    await settled();
    const second = it.ask();
    const third = it.ask();
    answers.shift()(news());
    await settled();
    assert.equal(answers.length, 1, "once for both");
    answers.shift()(news(1));
    assert.deepEqual([await second, await third], [true, true]);
    assert.equal(it.log.cursor, 1);
  },

  async "the log ends as it is, whatever is lost, doubled or late"() {
    for (let seed = 1; seed <= 12; seed++) {
      const chance = dice(seed);
      const { entries, expected } = history(chance);
      for (let run = 0; run < 30; run++) {
        const log = new RoomLog({ cursor: 0, stamp: "", topic: 1, atEnd: true, messages: [] });
        for (let part = 0; part < 30; part++) {
          const start = chance(entries.length);
          const { gap } = log.take(entries.slice(start, start + 1 + chance(6)));
          if (gap) log.take(entries.slice(log.cursor));
        }
        log.take(entries.slice(log.cursor));
        assert.equal(log.cursor, entries.length);
        assert.deepEqual(log.inOrder().map(({ id, html }) => [id, html]), [...expected]);
      }
    }
  },

  async "a busy line refuses a question, and the next one is answered"() {
    const answers = [{ error: "too_many" }, news(1)];
    const it = wire({ connected: true, timeout: () => ({ emitWithAck: async () => answers.shift() }) });
    assert.equal(await it.ask(), false);
    assert.equal(await it.ask(), true);
    assert.equal(it.log.cursor, 1);
  },
};

/** The same numbers below a bound for the same seed. */
function dice(seed) {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

/** What happened in two topics of a room, and what the first shows at the end: id and words, in order. */
function history(chance) {
  const entries = [];
  const expected = new Map();
  for (let seq = 1; seq < 40; seq++) {
    const kind = ["posted", "posted", "edited", "deleted", "joined", "topic", "glass"][chance(7)];
    const entry = { seq, kind, stamp: String(seq), topic: [1, 1, 2][chance(3)] };
    if (kind === "posted") {
      Object.assign(entry, { id: seq, html: `<li>${seq}</li>` });
      if (entry.topic === 1) expected.set(seq, entry.html);
    } else if (["edited", "deleted"].includes(kind) && expected.size) {
      const id = [...expected.keys()][chance(expected.size)];
      expected.set(id, `<li>${id} as of ${seq}</li>`);
      Object.assign(entry, { id, html: expected.get(id), quote: "" });
    }
    entries.push(entry);
  }
  return { entries, expected };
}

let wrong = 0;
for (const [name, scene] of Object.entries(scenes)) {
  begin();
  try {
    await scene();
  } catch (error) {
    wrong += 1;
    process.stdout.write(`${name}: ${error.message}\n`);
  }
}
process.stdout.write(`${Object.keys(scenes).length - wrong} of ${Object.keys(scenes).length}\n`);
process.exit(wrong ? 1 : 0);
