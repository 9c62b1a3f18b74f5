// The state of one canvas, or of the plan, in this page: what the file says, and what was typed and is not yet acknowledged.
//
// An edit is kept in this browser at once, sent after a short pause, and forgotten only when the kernel has
// acknowledged that it is on disk. `model.send` succeeds even when the kernel is dead: nothing else proves a save.
import { shelf } from "./shelf.js";
import { unsaved } from "./unsaved.js";

const PAUSE = 500; // ms after the last keystroke
const LONGEST_PAUSE = 3000; // a pause never comes while somebody types on
const RETRY = 4000;
const LONGEST_RETRY = 30000;
const LONGEST = 4000; // code points of a text, as the format allows
const FRESH = 3; // seconds for which a state says what is on disk, where the clocks of page and kernel agree
const LONG = "Un texte dépasse 4\u202f000 caractères\u00a0: sa fin n’est pas enregistrée, raccourcissez-le.";
const DRAFT = "course:brouillon:";

/** As much of a text as the file takes. */
export const head = (text) => (text.length > LONGEST ? [...text].slice(0, LONGEST).join("") : text);

export const identifier = () => [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(36)).join("");

export class Session {
  constructor(objective, state) {
    this.objective = objective;
    this.client = identifier();
    this.number = 0;
    this.pending = []; // edits not acknowledged, oldest first
    this.refused = new Map(); // those of them that are not in the file as they are -> why: sent again with the next ones
    this.sent = new Map(); // message number -> the edits it carried
    this.messages = 0;
    this.waiting = false;
    this.wait = RETRY; // ms before the next try
    this.late = false; // no acknowledgement came in time
    this.kept = true; // this browser can keep drafts
    this.reason = ""; // the kernel's, for saving nothing
    this.notice = ""; // the kernel's remark on the file, until the person has read it
    this.savedAt = /** @type {Date | null} */ (null);
    this.focus = /** @type {any} */ (null); // {row, field, place, start, end} while the caret is in a field
    this.model = /** @type {Model | null} */ (null);
    this.since = /** @type {number | null} */ (null); // when the first keystroke came that is not sent yet
    this.retry = this.timer = /** @type {number | undefined} */ (undefined);
    this.listeners = new Set();
    this.quiet = false; // edits are being made together
    this.begin();
    this.receive(state);
    this.opened();
    this.adoptDrafts();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("course-connection", () => this.tryAgain());
    addEventListener("pagehide", () => this.flush());
  }

  begin() {
    // a subclass makes what it needs for its first state
  }

  opened() {
    // a subclass opens what needs a state
  }

  get prefix() {
    return `${DRAFT}${this.state.document}:${this.objective}:`;
  }

  // Of this document, and of what was written while its folder could not be.
  get prefixes() {
    return [this.prefix, `${DRAFT}${this.state.fallback}:${this.objective}:`];
  }

  // Why some of the edits are not saved, in French.
  get trouble() {
    return [...new Set([this.reason, ...this.refused.values()])].filter(Boolean).join(" ");
  }

  // ---- what is not on disk, as unsaved.js asks for it

  get isUnsaved() {
    return this.pending.length > 0;
  }

  get isStuck() {
    return this.late || Boolean(this.reason) || this.pending.every((edit) => this.refused.has(edit));
  }

  get name() {
    return ""; // a subclass names its document
  }

  get draft() {
    return this.pending.length ? this.state.document : "";
  }

  // ---- the link with the kernel

  /** @param {Model} model */
  attach(model) {
    unsaved().add(this);
    this.model = model;
    this.refused.clear();
    this.waiting = false;
    this.wait = RETRY;
    const hear = (message) => this.hear(message);
    model.on("msg:custom", hear);
    if (model.get("state").revision >= this.state.revision) this.receive(model.get("state"));
    this.pending.length ? this.flush() : this.greet(model.get("state").at);
    return () => model.off("msg:custom", hear);
  }

  // The model of a page that was reloaded holds an old state: asks what is on disk now.
  greet(at) {
    if (!(Math.abs(Date.now() / 1000 - at) < FRESH)) this.send({ kind: "hello", known: this.state.revision });
  }

  send(message) {
    try {
      this.model?.send({ client: this.client, ...message });
    } catch {
      this.late = true; // the comm is closed; the next model sends it again
    }
  }

  hear(message) {
    if (message.kind === "saved" && message.client === this.client) {
      this.acknowledge(message);
    } else if (message.kind === "not-saved" && message.client === this.client) {
      this.waiting = false;
      this.reason = message.reason;
      this.retryLater();
    } else if (message.state && message.state.revision >= this.state.revision) {
      this.receive(message.state);
    }
    this.tell(message.kind, message);
  }

  acknowledge({ message, state, refusals }) {
    const edits = this.sent.get(message) ?? new Set();
    const isOutdated = (edit) =>
      this.pending.slice(this.pending.indexOf(edit) + 1).some(({ kind, row, field }) => {
        return kind === "set" ? row === edit.row && field === edit.field : kind === "remove" && [edit.row, edit.parent].includes(row);
      });
    for (const edit of edits) {
      const refusal = refusals.find(({ client, number }) => client === edit.client && number === edit.number);
      const reason = refusal?.reason ?? (edit.value && edit.value !== head(edit.value) ? LONG : "");
      if (reason && !isOutdated(edit)) this.refused.set(edit, reason);
      else this.refused.delete(edit);
    }
    this.pending = this.pending.filter((edit) => !edits.has(edit) || this.refused.has(edit));
    for (const number of [...this.sent.keys()]) if (number <= message) this.sent.delete(number);
    this.waiting = this.late = false;
    this.wait = RETRY;
    this.reason = "";
    this.savedAt = new Date();
    clearTimeout(this.retry);
    this.receive(state);
    this.keep();
    this.flush();
  }

  /** Takes over what is on disk. */
  receive(state) {
    const isMoved = this.state && this.state.document !== state.document;
    if (isMoved) shelf.set(this.prefix + this.client, null);
    this.state = state;
    this.notice = state.notice || this.notice;
    if (isMoved) this.keep();
  }

  flush() {
    clearTimeout(this.timer);
    this.since = null;
    const edits = [...this.pending];
    if (edits.every((edit) => this.refused.has(edit)) || this.waiting || !this.model) return;
    const message = ++this.messages;
    this.sent.set(message, new Set(edits));
    this.waiting = true;
    this.send({ kind: "save", message, edits: edits.map((edit) => (edit.value ? { ...edit, value: head(edit.value) } : edit)) });
    this.retryLater();
    this.tell("sending");
  }

  // The page is linked with the course again: what is waiting goes at once.
  tryAgain() {
    if (!this.late || globalThis.courseConnection?.isLinked === false) return;
    this.waiting = false;
    this.wait = RETRY;
    this.flush();
  }

  retryLater() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.late = this.late || this.waiting;
      this.waiting = false;
      this.wait = Math.min(this.wait * 2, LONGEST_RETRY);
      this.flush();
      this.tell("late");
    }, this.wait);
  }

  // ---- edits

  set(place, field, value) {
    const same = this.pending.findLast((e) => e.kind === "set" && e.row === place.row && e.field === field);
    const [number, writer] = this.state.versions[place.row]?.[field] ?? [0];
    const base = same && same.client !== writer ? same.base : number;
    if (same && !this.isSent(same) && !this.movedSince(same)) {
      this.pending.splice(this.pending.indexOf(same), 1);
      this.refused.delete(same);
    }
    this.change({ kind: "set", ...place, field, value, base });
  }

  resolve(conflict, choice) {
    const { id, option, parent } = conflict;
    const base = this.state.versions[conflict.row]?.[conflict.field]?.[0] ?? 0;
    this.change({ kind: "resolve", row: id, option, parent, value: choice, base });
    this.flush();
  }

  /** Makes several edits one: kept, sent and shown together; none of them, and false, when `act` returns false. */
  together(act) {
    const { pending, refused } = this;
    [this.pending, this.refused] = [[...pending], new Map(refused)];
    this.quiet = true;
    let isDone = false;
    try {
      isDone = act() !== false;
    } finally {
      this.quiet = false;
      if (!isDone) [this.pending, this.refused] = [pending, refused];
    }
    this.keep();
    this.tell("edit");
    this.flush();
    return isDone;
  }

  change(edit) {
    this.pending.push({ ...edit, client: this.client, number: ++this.number });
    if (this.quiet) return;
    this.keep();
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.since + LONGEST_PAUSE - now)));
    this.tell("edit");
  }

  // Whether its row, or the one above, was removed or put back after an edit: then the edit keeps its place in the order.
  movedSince(edit) {
    const later = this.pending.slice(this.pending.indexOf(edit) + 1);
    return later.some(({ kind, row }) => kind !== "set" && (row === edit.row || row === edit.parent));
  }

  isSent(edit) {
    return [...this.sent.values()].some((edits) => edits.has(edit));
  }

  // ---- drafts in this browser

  keep() {
    const text = this.pending.length ? JSON.stringify(this.pending) : null;
    try {
      shelf.set(this.prefix + this.client, text);
      this.kept = true;
    } catch {
      this.kept = !text;
    }
  }

  /** Whether a text that this browser keeps of the document is edits. */
  isDraft(_key) {
    return true;
  }

  // Drafts that an earlier page left, also while the folder could not be written. Each edit keeps its own client and
  // number, so one that did reach the disk is recognised there, and one that a page still open sends as well is made once.
  adoptDrafts() {
    const { prefixes } = this;
    const isDraft = (key) => !key.endsWith(`:${this.client}`) && this.isDraft(key);
    const isOurs = (/** @type {[string, string]} */ [key]) => prefixes.some((prefix) => key.startsWith(prefix)) && isDraft(key);
    const latest = new Map(); // client -> the number of its last edit that was adopted
    const adopt = (/** @type {[string, string][]} */ drafts) => {
      if (!drafts.length) return 0;
      const edits = drafts.flatMap(([, text]) => JSON.parse(text)).filter((edit) => typeof edit?.row === "string");
      const adopted = edits.filter(({ client, number }) => !(latest.get(client) >= number));
      for (const { client, number } of adopted) latest.set(client, number);
      const own = this.pending.filter(({ client }) => client === this.client);
      this.pending = [...this.pending.filter((edit) => !own.includes(edit)), ...adopted, ...own];
      if (this.pending.length) this.keep();
      if (this.kept) for (const [key] of drafts) shelf.set(key, null);
      return adopted.length;
    };
    try {
      adopt(shelf.now().filter(isOurs));
    } catch {
      this.kept = false;
    }
    this.adoptLeft(isOurs, adopt);
  }

  // A browser that was killed had not yet written all drafts to localStorage: the database may have more.
  async adoptLeft(isOurs, adopt) {
    try {
      if (!adopt(await shelf.left(isOurs))) return;
    } catch {
      return; // drafts that are no JSON are nobody's
    }
    this.tell("edit");
    this.flush();
  }

  tell(kind, message) {
    for (const listener of this.listeners) listener(kind, message);
  }
}

/**
 * One session for each document, which outlives the models that a kernel's death takes away.
 * @template {Session} S
 * @param {new (objective: string, state: any) => S} kind
 * @returns {S}
 */
export function sessionIn(kind, objective, state) {
  const sessions = (globalThis.courseSessions ??= new Map());
  const key = `${objective} ${state.document}`;
  if (!sessions.has(key)) sessions.set(key, new kind(objective, state));
  return sessions.get(key);
}
