// Texts of pastes that have no place in a canvas. They wait in this browser, beside the drafts of the same document, until
// somebody has them added or leaves them aside.
import { make } from "../dom.js";
import { shelf } from "../shelf.js";

const MOST_TEXTS = 200; // of one canvas
const MOST_LETTERS = 100000; // of all of them
const RECORD = "collages"; // the end of the key, where a draft has its page

/** Why a paste is not made whose texts are too many to wait. */
export const TOO_MANY =
  "Rien n’est collé\u00a0: 200 textes sans place, ou 100\u202f000 caractères, peuvent attendre dans un canevas, et ce collage en ferait davantage. " +
  "Répondez pour ceux qui attendent, ou collez moins de colonnes ou de lignes à la fois.";

export const isUnplaced = (key) => key.endsWith(`:${RECORD}`);

const isItem = (item) =>
  [item?.id, item?.text, item?.origin, item?.field, item?.place?.row, item?.place?.option, item?.place?.parent, item?.at?.option, item?.at?.row].every(
    (part) => typeof part === "string",
  );

function itemsIn(record) {
  try {
    return JSON.parse(record ?? "[]").filter(isItem);
  } catch {
    return []; // nobody's
  }
}

export class Unplaced {
  constructor(session) {
    this.session = session;
    // {id, text, origin: the words of the pasted row, place and field: where it would go, at: {option, row} of the paste}
    this.items = /** @type {any[]} */ ([]);
    this.answered = new Set(); // ids
    this.number = 0;
    this.kept = true; // this browser can keep them
    this.adopt();
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== this.key) return;
      this.items = itemsIn(newValue); // as another window left them
      this.session.tell("edit");
    });
  }

  get key() {
    return `${this.session.prefix}${RECORD}`;
  }

  // What earlier pages left, also while the folder could not be written; the database may have more than localStorage.
  async adopt() {
    const keys = this.session.prefixes.map((prefix) => `${prefix}${RECORD}`);
    const isOurs = (/** @type {[string, string]} */ [key]) => keys.includes(key);
    try {
      this.join(shelf.now().filter(isOurs));
    } catch {
      this.kept = false;
    }
    if (this.join(await shelf.left(isOurs))) this.session.tell("edit");
  }

  join(records) {
    const known = new Set([...this.answered, ...this.items.map(({ id }) => id)]);
    const more = new Map(records.flatMap(([, text]) => itemsIn(text)).map((item) => [item.id, item]));
    const items = [...more.values()].filter(({ id }) => !known.has(id));
    if (!items.length) return false;
    this.items.unshift(...items);
    this.keep();
    if (this.kept) for (const [key] of records) if (key !== this.key) shelf.set(key, null);
    return true;
  }

  /** Has texts wait as well; false, and nothing done, when they would be too many. */
  add(items) {
    const all = [...this.items, ...items];
    const letters = all.reduce((sum, { text, origin }) => sum + text.length + origin.length, 0);
    if (items.length && (all.length > MOST_TEXTS || letters > MOST_LETTERS)) return false;
    for (const item of items) item.id = `${this.session.client}:${++this.number}`;
    this.items = all;
    this.keep();
    return true;
  }

  /** They are answered, or their paste is undone. */
  drop(items) {
    const ids = new Set(items.map(({ id }) => id));
    for (const id of ids) this.answered.add(id);
    this.items = this.items.filter(({ id }) => !ids.has(id));
    this.keep();
  }

  /** An answer is undone. */
  restore(items) {
    for (const { id } of items) this.answered.delete(id);
    this.items = [...items, ...this.items.filter(({ id }) => !items.some((item) => item.id === id))];
    this.keep();
  }

  /** The document has another identifier now. */
  move(key) {
    try {
      shelf.set(key, null);
      this.join(shelf.now().filter(([other]) => other === this.key));
    } catch {
      this.kept = false;
    }
    this.keep();
  }

  keep() {
    const text = this.items.length ? JSON.stringify(this.items) : null;
    try {
      shelf.set(this.key, text);
      this.kept = true;
    } catch {
      this.kept = !text;
    }
  }
}

/** The question; `nameOf` has the name of the field that a text would go to, `answer` is told whether to add them. */
export function unplacedGroup({ items, kept }, nameOf, answer) {
  const line = (item) => {
    const from = item.origin ? `Ligne «\u00a0${item.origin}\u00a0». ` : "";
    return make("li", {}, make("b", {}, item.text), make("span", { class: "course-origin" }, `${from}Place proposée\u00a0: ${nameOf(item)}.`));
  };
  const number = items.length > 1 ? `${items.length} textes. Ils attendent` : "1 texte. Il attend";
  const alarm = kept ? "" : " Ce navigateur ne peut rien garder\u00a0: répondez avant de fermer cette page.";
  return make(
    "div",
    { role: "group", "aria-label": "Textes sans place" },
    make("p", {}, `Sans place dans ce canevas\u00a0: ${number} ici votre réponse.${alarm}`),
    make("ul", {}, ...items.map(line)),
    make("button", { type: "button", onclick: () => answer(true) }, "Ajouter cela aux places proposées"),
    make("button", { type: "button", onclick: () => answer(false) }, "Laisser cela de côté"),
  );
}
