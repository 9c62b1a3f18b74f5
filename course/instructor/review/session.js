// The state of the bench on this page, kept across kernel restarts: the canvas, the copy and the unsaved marks.
import { Link } from "../../workbook/link.js";
import { Ledger } from "./ledger.js";
import { Queue } from "./queue.js";

const STORED = "course:correction-place:";
const SILENT = "Le cours ne répond pas. Rien n’est perdu\u00a0: attendez un instant, puis recommencez.";

export class Session {
  constructor(bench) {
    this.bench = bench;
    this.ledger = new Ledger(bench.class);
    this.listeners = new Set();
    this.ready = new Map(); // copies fetched in advance
    this.history = [];
    this.focus = { where: "title" }; // where the focus is, or should be at first
    this.counts = {}; // objective -> [left, all]
    /** @type {any} The canvas, as the kernel answered */
    this.chosen = null;
    /** @type {any} Its copies in order */
    this.queue = null;
    /** @type {any} The copy on the page */
    this.copy = null;
    /** @type {Link} The link to the kernel, once a model is there */
    this.link = /** @type {any} */ (null);
    this.trouble = "";
    this.requests = 0;
    this.moving = false; // a copy is being loaded: keys pressed meanwhile would mark a copy that is not visible yet
    this.stored = this.recall();
    this.all = this.stored.all ?? false;
    this.shortcuts = this.stored.shortcuts ?? true;
    this.reviewer = this.stored.reviewer ?? "";
    this.ledger.listeners.add((kind, key, marks) => this.receive(kind, key, marks));
  }

  /** @param {Model} model */
  attach(model) {
    const link = (this.link = new Link(model));
    this.ready.clear();
    this.ledger.attach(link);
    if (this.copy) this.look();
    else this.choose(this.bench.start || this.stored.objective || "", this.stored.copy, !this.bench.start);
    return () => link.close();
  }

  // ---- requests

  // The answer; null after showing its error, or when a newer request has been made.
  async ask(kind, content, request = this.requests) {
    try {
      const [answer] = await this.link.ask(kind, content);
      if (request !== this.requests) return null;
      if (answer.reason) this.fail(answer.reason);
      return answer.reason ? null : answer;
    } catch {
      if (request === this.requests) this.fail(SILENT);
      return null;
    }
  }

  // When the bench opens, copies that changed since their mark take precedence over the last position.
  async choose(objective, wanted, opening = false) {
    this.leave();
    const request = ++this.requests;
    this.trouble = "";
    this.moving = true;
    this.notify("waiting");
    const answer = await this.ask("choose", { objective, opening }, request);
    if (request === this.requests) this.moving = false;
    if (!answer) return;
    this.chosen = answer;
    this.queue = new Queue(answer.queue);
    this.ready.clear();
    this.history = [];
    this.copy = null;
    this.count();
    this.notify("chosen");
    const changed = opening && this.queue.changed();
    const key = changed || (this.queue.has(wanted) ? wanted : this.queue.first(this.all));
    if (key) await this.open(key);
    else this.notify("copy");
    this.countAll();
  }

  async open(key, back = false) {
    this.leave();
    const request = ++this.requests;
    this.trouble = "";
    const fetched = this.ready.get(key);
    this.moving = !fetched;
    if (!fetched) this.notify("waiting");
    const answer = fetched ? { copy: fetched } : await this.ask("copy", { objective: this.chosen.objective.id, copy: key }, request);
    if (request === this.requests) this.moving = false;
    if (!answer) return;
    if (this.copy && this.copy.key !== key && !back) this.history.push(this.copy.key);
    this.ready.delete(key);
    this.copy = answer.copy;
    this.queue.setState(key, this.copy.state);
    this.remember({ objective: this.chosen.objective.id, copy: key });
    this.notify("copy");
    if (fetched) await this.look();
    this.fetchNext();
  }

  // Fetches the current marks of a copy that was fetched in advance or shown before.
  async look() {
    const { copy, requests } = this;
    const answer = await this.ask("look", { objective: this.chosen.objective.id, copy: copy.key });
    if (!answer || requests !== this.requests || this.ledger.drafts.has(copy.key)) return;
    if (answer.marks.digest !== copy.digest) return this.reopen();
    this.take(copy, answer.marks);
    this.notify("marks", copy.key);
  }

  // Loads the copy again: its answers changed while it was on the page.
  reopen() {
    this.ready.delete(this.copy.key);
    return this.open(this.copy.key, true);
  }

  async fetchNext() {
    const key = this.nextKey();
    if (!key || this.ready.has(key)) return;
    const { requests } = this;
    try {
      const [answer] = await this.link.ask("copy", { objective: this.chosen.objective.id, copy: key });
      if (requests === this.requests && answer.copy) this.ready.set(key, answer.copy);
    } catch {
      // it is requested again when it is opened
    }
  }

  async name() {
    const answer = await this.ask("name", { objective: this.chosen.objective.id, copy: this.copy.key });
    return answer?.text ?? "";
  }

  async forget(text) {
    const answer = await this.ask("forget", { text });
    if (answer) this.offer(answer.phrases);
  }

  // Leaves a copy: its comment is added to the bank and offered on the next copy.
  leave() {
    const { copy, ledger } = this;
    if (!copy?.touched) return;
    copy.touched = false;
    const content = { objective: this.chosen.objective.id, copy: copy.key };
    const addToBank = async () => {
      try {
        const [answer] = await this.link.ask("leave", content);
        if (answer.phrases) this.offer(answer.phrases);
      } catch {
        // the bank is not essential
      }
    };
    if (!ledger.drafts.has(copy.key)) return addToBank();
    const listen = (_kind, key) => {
      if (key !== copy.key || ledger.drafts.has(key)) return;
      ledger.listeners.delete(listen);
      addToBank();
    };
    ledger.listeners.add(listen);
    ledger.flush();
  }

  offer(phrases) {
    this.chosen.phrases = phrases;
    this.notify("phrases");
  }

  // Fetches the number of copies left for each canvas, goal by goal, the current goal first.
  async countAll() {
    const { link } = this;
    const own = this.chosen.objective.id[0];
    for (const { id } of [...this.bench.goals].sort((one, other) => Number(other.id === own) - Number(one.id === own))) {
      try {
        const [answer] = await link.ask("left", { goal: id });
        if (link !== this.link || !answer.left) return;
        Object.assign(this.counts, answer.left);
        this.count(); // marks given since then are only known here
        this.notify("counts");
      } catch {
        return;
      }
    }
  }

  count() {
    if (this.queue) this.counts[this.chosen.objective.id] = [this.queue.left, this.queue.items.length];
  }

  // ---- moving

  nextKey() {
    return this.copy && this.queue.next(this.copy.key, this.all);
  }

  next() {
    if (this.moving) return undefined;
    const key = this.nextKey();
    return key ? this.open(key) : this.notify("end");
  }

  previous() {
    if (this.moving) return undefined;
    const key = this.history.pop() ?? (this.copy && this.queue.before(this.copy.key));
    return key ? this.open(key, true) : this.notify("start");
  }

  skip() {
    if (this.copy && !this.moving) this.queue.skipped.add(this.copy.key);
    return this.next();
  }

  filter(all) {
    this.all = all;
    this.remember({ all });
    this.notify("counts");
  }

  // ---- marking

  // The mark of the copy: its unsaved draft, else the one in the gradebook.
  get mark() {
    return this.ledger.drafts.get(this.copy.key) ?? this.copy;
  }

  give(change, soon) {
    if (this.moving) return;
    const { levels, comment } = this.mark;
    this.copy.touched ||= "comment" in change;
    const draft = { levels, comment, reviewer: this.reviewer, ...change };
    this.ledger.give(this.copy, this.chosen.objective.id, draft, soon);
  }

  // Whether the copy changed since its mark, which can then be kept for the current answers.
  get keepable() {
    return Boolean(this.copy?.changed) && !this.ledger.drafts.has(this.copy.key);
  }

  keep() {
    if (this.keepable) this.give({}, true);
  }

  sign(reviewer) {
    this.reviewer = reviewer.trim();
    this.remember({ reviewer: this.reviewer });
    this.notify("signed");
  }

  receive(kind, key, marks) {
    const current = this.copy?.key === key;
    if (marks) {
      this.queue?.setState(key, marks.state);
      this.queue?.skipped.delete(key);
      this.ready.delete(key);
      if (current) this.take(this.copy, marks);
      this.count();
    }
    this.notify(kind, key);
    if (marks && current && marks.digest !== this.copy.digest && !this.ledger.drafts.has(key)) this.reopen();
  }

  // The digest stays that of the texts on the page, which are those that the reviewer has seen.
  take(copy, { digest: _, ...marks }) {
    Object.assign(copy, marks);
    this.queue.setState(copy.key, marks.state);
    this.count();
  }

  // ---- storage in this browser

  remember(changes) {
    Object.assign(this.stored, changes);
    try {
      localStorage.setItem(STORED + this.bench.class, JSON.stringify(this.stored));
    } catch {
      // it lasts as long as the page
    }
  }

  recall() {
    try {
      return JSON.parse(localStorage.getItem(STORED + this.bench.class) ?? "null") ?? {};
    } catch {
      return {};
    }
  }

  fail(reason) {
    this.trouble = reason;
    this.notify("trouble");
  }

  notify(kind, key) {
    for (const listener of this.listeners) listener(kind, key);
  }
}

// One session per class, which outlives the models of a dead kernel.
export function benchOf(bench) {
  const benches = (globalThis.courseBenches ??= new Map());
  if (!benches.has(bench.class)) benches.set(bench.class, new Session(bench));
  return benches.get(bench.class);
}
