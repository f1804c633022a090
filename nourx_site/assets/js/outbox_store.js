// What waits to be sent, in the browser's own database. Refused storage means no outbox, no harm.
const NAME = "nourx";
const TABLE = "outbox";

let opening = null;

function open() {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("blocked"));
  });
  return opening;
}

async function run(mode, use) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(TABLE, mode);
    const request = use(transaction.objectStore(TABLE));
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

// Tells whether the entry is kept.
export async function put(entry) {
  try {
    await run("readwrite", (table) => table.put(entry));
    return true;
  } catch {
    return false;
  }
}

export async function remove(id) {
  await run("readwrite", (table) => table.delete(id)).catch(() => {});
}

export async function clear(person) {
  for (const { id } of await of(person)) await remove(id);
}

// Gives the entries of a person, oldest first; those of others on this device are left alone.
export async function of(person) {
  const entries = await run("readonly", (table) => table.getAll()).catch(() => []);
  return entries.filter((entry) => entry.person === person).sort((a, b) => a.at - b.at);
}
