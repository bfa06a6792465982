/**
 * Files that wait on this device until the server can take them, by a name of ours. Where the browser keeps nothing (a private
 * window, a full disk) the page holds them as long as it is open.
 */
const BASE = "mentorlink.files";
const STORE = "files";
/** Nothing waits longer than what is written waits. */
const LAST = 30 * 86400000;

/** @type {Map<string, File>} */
const memory = new Map();
/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => reject(asked.error);
  });
  return opened;
}

/**
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>} what was asked for, once it is kept
 */
async function within(mode, ask) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const turn = base.transaction(STORE, mode);
    const asked = ask(turn.objectStore(STORE));
    turn.oncomplete = () => resolve(asked.result);
    turn.onerror = turn.onabort = () => reject(turn.error);
  });
}

/** @param {string} key @param {File} file */
export async function keepFile(key, file) {
  memory.set(key, file);
  try {
    await within("readwrite", (store) => store.put({ file, name: file.name, at: Date.now() }, key));
  } catch {
    /* The page holds it. */
  }
}

/** @param {string} key @returns {Promise<File | null>} */
export async function keptFile(key) {
  const held = memory.get(key);
  if (held) return held;
  try {
    const kept = await within("readonly", (store) => store.get(key));
    return kept ? new File([kept.file], kept.name, { type: kept.file.type }) : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
export async function dropFile(key) {
  memory.delete(key);
  try {
    await within("readwrite", (store) => store.delete(key));
  } catch {
    /* Nothing was kept. */
  }
}

/** Forget those that ``which`` names. @param {(key: string, at: number) => boolean} which */
export async function dropFiles(which) {
  try {
    const keys = await within("readonly", (store) => store.getAllKeys());
    for (const key of keys) {
      const kept = await within("readonly", (store) => store.get(key));
      if (kept && which(String(key), kept.at)) await dropFile(String(key));
    }
  } catch {
    /* Nothing was kept. */
  }
}

/** @param {number} at */
export function tooOld(at) {
  return Date.now() - at > LAST;
}
