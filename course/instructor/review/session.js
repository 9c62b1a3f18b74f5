// The bench as this page remembers it, through deaths of the kernel: which canvas, which copy, what was given.
import { Link } from "../../workbook/link.js";
import { Ledger } from "./ledger.js";
import { Queue } from "./queue.js";

const PLACE = "course:correction-place:";
const SILENT = "Le cours ne répond pas. Rien n’est perdu\u00a0: attendez un instant, puis recommencez.";

export class Session {
  constructor(bench) {
    this.bench = bench;
    this.ledger = new Ledger(bench.class);
    this.listeners = new Set();
    this.ready = new Map(); // copies that came before they were wanted
    this.history = [];
    this.seat = { where: "title" }; // where the focus is; at first where it is wanted
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
    this.asked = 0;
    this.moving = false; // on the way to a copy: what is pressed meanwhile is meant for that one, which nobody has seen
    this.place = this.recall();
    this.all = this.place.all ?? false;
    this.shortcuts = this.place.shortcuts ?? true;
    this.reviewer = this.place.reviewer ?? bench.reviewer;
    this.ledger.listeners.add((kind, key, marks) => this.hear(kind, key, marks));
  }

  /** @param {Model} model */
  attach(model) {
    const link = (this.link = new Link(model));
    this.ready.clear();
    this.ledger.attach(link);
    if (this.copy) this.look();
    else this.choose(this.bench.start || this.place.objective || "", this.place.copy, !this.bench.start);
    return () => link.close();
  }

  // ---- what is asked

  // The answer; or null after its trouble was said, or when something else was asked for in between.
  async ask(kind, content, mine = this.asked) {
    try {
      const [answer] = await this.link.ask(kind, content);
      if (mine !== this.asked) return null;
      if (answer.reason) this.fail(answer.reason);
      return answer.reason ? null : answer;
    } catch {
      if (mine === this.asked) this.fail(SILENT);
      return null;
    }
  }

  // When the bench opens, copies that changed since they were marked come before the place that was left.
  async choose(objective, wanted, opening = false) {
    this.leave();
    const mine = ++this.asked;
    this.trouble = "";
    this.moving = true;
    this.tell("waiting");
    const answer = await this.ask("choose", { objective, opening }, mine);
    if (mine === this.asked) this.moving = false;
    if (!answer) return;
    this.chosen = answer;
    this.queue = new Queue(answer.queue);
    this.ready.clear();
    this.history = [];
    this.copy = null;
    this.count();
    this.tell("chosen");
    const changed = opening && this.queue.changed();
    const key = changed || (this.queue.has(wanted) ? wanted : this.queue.first(this.all));
    if (key) await this.open(key);
    else this.tell("copy");
    this.countAll();
  }

  async open(key, back = false) {
    this.leave();
    const mine = ++this.asked;
    this.trouble = "";
    const early = this.ready.get(key);
    this.moving = !early;
    if (!early) this.tell("waiting");
    const answer = early ? { copy: early } : await this.ask("copy", { objective: this.chosen.objective.id, copy: key }, mine);
    if (mine === this.asked) this.moving = false;
    if (!answer) return;
    if (this.copy && this.copy.key !== key && !back) this.history.push(this.copy.key);
    this.ready.delete(key);
    this.copy = answer.copy;
    this.queue.state(key, this.copy.state);
    this.remember({ objective: this.chosen.objective.id, copy: key });
    this.tell("copy");
    if (early) await this.look();
    this.fetchNext();
  }

  // The marks of now, for a copy that came early or has been here for a while.
  async look() {
    const { copy, asked } = this;
    const answer = await this.ask("look", { objective: this.chosen.objective.id, copy: copy.key });
    if (!answer || asked !== this.asked || this.ledger.gifts.has(copy.key)) return;
    if (answer.marks.digest !== copy.digest) return this.reopen();
    this.take(copy, answer.marks);
    this.tell("marks", copy.key);
  }

  // Her answers were graded anew while they were on the page.
  reopen() {
    this.ready.delete(this.copy.key);
    return this.open(this.copy.key, true);
  }

  async fetchNext() {
    const key = this.nextKey();
    if (!key || this.ready.has(key)) return;
    const { asked } = this;
    try {
      const [answer] = await this.link.ask("copy", { objective: this.chosen.objective.id, copy: key });
      if (asked === this.asked && answer.copy) this.ready.set(key, answer.copy);
    } catch {
      // it is asked for again when it is wanted
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

  // Goes on from a copy: what was written on it is offered on the next.
  leave() {
    const { copy, ledger } = this;
    if (!copy?.touched) return;
    copy.touched = false;
    const content = { objective: this.chosen.objective.id, copy: copy.key };
    const learn = async () => {
      try {
        const [answer] = await this.link.ask("leave", content);
        if (answer.phrases) this.offer(answer.phrases);
      } catch {
        // the bank of phrases is a comfort
      }
    };
    if (!ledger.gifts.has(copy.key)) return learn();
    const listen = (_kind, key) => {
      if (key !== copy.key || ledger.gifts.has(key)) return;
      ledger.listeners.delete(listen);
      learn();
    };
    ledger.listeners.add(listen);
    ledger.flush();
  }

  offer(phrases) {
    this.chosen.phrases = phrases;
    this.tell("phrases");
  }

  // How many copies each canvas has left, goal by goal, once there is something to read.
  async countAll() {
    const { link } = this;
    const own = this.chosen.objective.id[0];
    for (const { id } of [...this.bench.goals].sort((one, other) => Number(other.id === own) - Number(one.id === own))) {
      try {
        const [answer] = await link.ask("left", { goal: id });
        if (link !== this.link || !answer.left) return;
        Object.assign(this.counts, answer.left);
        this.count(); // what was given since then is known here
        this.tell("counts");
      } catch {
        return;
      }
    }
  }

  count() {
    if (this.queue) this.counts[this.chosen.objective.id] = [this.queue.left, this.queue.items.length];
  }

  // ---- going

  nextKey() {
    return this.copy && this.queue.next(this.copy.key, this.all);
  }

  next() {
    if (this.moving) return undefined;
    const key = this.nextKey();
    return key ? this.open(key) : this.tell("end");
  }

  previous() {
    if (this.moving) return undefined;
    const key = this.history.pop() ?? (this.copy && this.queue.before(this.copy.key));
    return key ? this.open(key, true) : this.tell("start");
  }

  skip() {
    if (this.copy && !this.moving) this.queue.skipped.add(this.copy.key);
    return this.next();
  }

  filter(all) {
    this.all = all;
    this.remember({ all });
    this.tell("counts");
  }

  // ---- giving

  // What the copy has: what was given here and is not acknowledged yet, else what the gradebook says.
  get given() {
    return this.ledger.gifts.get(this.copy.key) ?? this.copy;
  }

  give(change, soon) {
    if (this.moving) return;
    const { levels, comment } = this.given;
    this.copy.touched ||= "comment" in change;
    const gift = { levels, comment, reviewer: this.reviewer, ...change };
    this.ledger.give(this.copy, this.chosen.objective.id, gift, soon);
  }

  // The mark that the copy has is given to its words of now.
  get keepable() {
    return Boolean(this.copy?.changed) && !this.ledger.gifts.has(this.copy.key);
  }

  keep() {
    if (this.keepable) this.give({}, true);
  }

  sign(reviewer) {
    this.reviewer = reviewer.trim() || this.bench.reviewer;
    this.remember({ reviewer: this.reviewer });
    this.tell("signed");
  }

  hear(kind, key, marks) {
    const current = this.copy?.key === key;
    if (marks) {
      this.queue?.state(key, marks.state);
      this.queue?.skipped.delete(key);
      this.ready.delete(key);
      if (current) this.take(this.copy, marks);
      this.count();
    }
    this.tell(kind, key);
    if (marks && current && marks.digest !== this.copy.digest && !this.ledger.gifts.has(key)) this.reopen();
  }

  // The digest stays that of the texts on the page: they are what the reviewer has seen.
  take(copy, { digest: _, ...marks }) {
    Object.assign(copy, marks);
    this.queue.state(copy.key, marks.state);
    this.count();
  }

  // ---- what this browser remembers

  remember(more) {
    Object.assign(this.place, more);
    try {
      localStorage.setItem(PLACE + this.bench.class, JSON.stringify(this.place));
    } catch {
      // it is forgotten with the page
    }
  }

  recall() {
    try {
      return JSON.parse(localStorage.getItem(PLACE + this.bench.class) ?? "null") ?? {};
    } catch {
      return {};
    }
  }

  fail(reason) {
    this.trouble = reason;
    this.tell("trouble");
  }

  tell(kind, key) {
    for (const listener of this.listeners) listener(kind, key);
  }
}

// One session for each class, which outlives the models that a kernel's death takes away.
export function benchOf(bench) {
  const benches = (globalThis.courseBenches ??= new Map());
  if (!benches.has(bench.class)) benches.set(bench.class, new Session(bench));
  return benches.get(bench.class);
}
