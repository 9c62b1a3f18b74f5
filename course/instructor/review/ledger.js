// The unsaved marks of this page, one draft per copy: stored in this browser at once, and deleted only after the kernel
// has acknowledged that they are in the gradebook, since `model.send` succeeds even when the kernel is dead.
import { unsaved } from "../../workbook/unsaved.js";

const WRITING_PAUSE = 700; // ms after the last keystroke of a comment
const LONGEST_WRITING = 4000; // ms; saves during continuous typing
const LATE = 4000; // ms without an acknowledgement
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const DRAFTS = "course:correction:";

// The comparable content of a mark: levels, and the comment without surrounding spaces.
const contentOf = ({ levels, comment }) => JSON.stringify([levels, comment.trim()]);

export class Ledger {
  constructor(name) {
    this.prefix = `${DRAFTS}${name}:`;
    this.drafts = new Map(); // copy key -> its unsaved mark, and the base it replaces
    this.kept = true; // this browser can store drafts
    this.late = false; // no acknowledgement arrived in time
    this.trouble = ""; // the kernel's reason when it could not save
    this.savedAt = /** @type {Date | null} */ (null);
    this.wait = FIRST_RETRY;
    this.listeners = new Set();
    this.adopt();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  attach(link) {
    unsaved().add(this);
    this.link = link;
    this.busy = null; // requests to an earlier kernel stay unanswered
    this.failed = false;
    this.wait = FIRST_RETRY;
    this.flush();
  }

  // ---- what is not in the gradebook, as unsaved.js asks for it

  get isUnsaved() {
    return this.drafts.size > 0;
  }

  get isStuck() {
    return this.late || Boolean(this.trouble) || !this.pending;
  }

  get name() {
    return "des notes de la table de correction";
  }

  // ---- saving

  give(copy, objective, { levels, comment, reviewer }, soon) {
    const { key, number, base, digest } = copy;
    const draft = this.drafts.get(key) ?? { copy: key, objective, number, base, digest, sent: [] };
    this.drafts.set(key, { ...draft, levels, comment, reviewer, digest: copy.digest, version: (draft.version ?? 0) + 1 });
    this.keep(key);
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    const pause = soon ? 0 : Math.max(0, Math.min(WRITING_PAUSE, this.since + LONGEST_WRITING - now));
    this.timer = setTimeout(() => this.flush(), pause);
    this.notify("given", key);
  }

  async flush() {
    clearTimeout(this.timer);
    this.since = null;
    const draft = [...this.drafts.values()].find(({ other, gone }) => !other && !gone);
    if (!draft || this.busy || !this.link) return;
    const token = (this.busy = {});
    const { sent, version, ...mark } = draft;
    sent.push(contentOf(draft));
    this.keep(draft.copy);
    this.notify("sending", draft.copy);
    const slow = setTimeout(() => token === this.busy && this.fail("", true), LATE);
    try {
      const [answer] = await this.link.ask("give", mark);
      if (token === this.busy) this.receive(draft, version, answer);
    } catch {
      if (token === this.busy) this.fail("", true);
    } finally {
      clearTimeout(slow);
      if (token === this.busy) this.busy = null;
    }
    if (!this.failed) this.flush();
  }

  receive({ copy, sent }, version, { saved, other, reason, gone }) {
    const draft = this.drafts.get(copy);
    this.failed = false;
    if (gone) {
      draft.gone = reason;
      return this.notify("gone", copy);
    }
    if (reason) return this.fail(reason, false);
    this.late = false;
    this.trouble = "";
    this.wait = FIRST_RETRY;
    // The other mark may be one that this page sent itself without receiving the acknowledgement.
    const marks = saved ?? (sent.includes(contentOf(other)) ? other : null);
    if (!marks) {
      draft.other = other;
      return this.notify("other", copy);
    }
    draft.base = marks.base;
    if (saved) {
      draft.sent = [];
      this.savedAt = new Date();
      if (draft.version === version) this.drafts.delete(copy);
    }
    this.keep(copy);
    this.notify("saved", copy, marks);
  }

  fail(reason, late) {
    this.failed = true;
    this.trouble = reason;
    this.late = late;
    this.busy = null; // a late answer is harmless: the same mark is sent again on the same base
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.failed = false;
      this.flush();
    }, this.wait);
    this.wait = Math.min(this.wait * 2, LAST_RETRY);
    this.notify("failed");
  }

  // ---- conflicts

  keepMine(key) {
    const draft = this.drafts.get(key);
    draft.base = draft.other.base;
    delete draft.other;
    this.notify("given", key);
    this.flush();
  }

  drop(key) {
    const draft = this.drafts.get(key);
    this.drafts.delete(key);
    this.keep(key);
    this.notify("dropped", key, draft.other);
  }

  // ---- pending drafts

  // Whether a draft waits to be saved that needs no decision by the reviewer.
  get pending() {
    return [...this.drafts.values()].some(({ other, gone }) => !other && !gone);
  }

  get disputed() {
    return [...this.drafts.values()].filter(({ other, gone }) => other || gone);
  }

  keep(key) {
    const draft = this.drafts.get(key);
    try {
      if (draft) localStorage.setItem(this.prefix + key, JSON.stringify({ ...draft, other: undefined, gone: undefined }));
      else localStorage.removeItem(this.prefix + key);
      this.kept = true;
    } catch {
      this.kept = !draft; // storage is full or forbidden
    }
  }

  // Drafts left by an earlier page are sent again on their original base, so that no newer mark is overwritten.
  adopt() {
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith(this.prefix))) {
        const draft = JSON.parse(localStorage.getItem(name) ?? "null");
        if (draft && typeof draft.comment === "string" && Array.isArray(draft.levels)) this.drafts.set(draft.copy, draft);
      }
    } catch {
      this.kept = false;
    }
  }

  notify(kind, key, marks) {
    for (const listener of this.listeners) listener(kind, key, marks);
  }
}
