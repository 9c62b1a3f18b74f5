// What was given on this page, copy by copy: kept in this browser at once, and forgotten only when the kernel has
// acknowledged that it is in the gradebook. `model.send` succeeds even when the kernel is dead: nothing else proves it.

const WRITING_PAUSE = 700; // ms after the last keystroke of a comment
const LONGEST_WRITING = 4000; // a pause never comes while somebody types on
const LATE = 4000;
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const GIVEN = "course:correction:";

// What two people may both have given: levels, and a comment without the spaces around it.
const spoken = ({ levels, comment }) => JSON.stringify([levels, comment.trim()]);

export class Ledger {
  constructor(name) {
    this.prefix = `${GIVEN}${name}:`;
    this.gifts = new Map(); // key of a copy -> what it is given, and what that stands on
    this.kept = true; // this browser can keep drafts
    this.late = false; // no acknowledgement came in time
    this.trouble = ""; // what the kernel said when it could not save
    this.savedAt = /** @type {Date | null} */ (null);
    this.wait = FIRST_RETRY;
    this.listeners = new Set();
    this.adopt();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  attach(link) {
    this.link = link;
    this.busy = null; // what an earlier kernel was asked, nobody answers
    this.failed = false;
    this.wait = FIRST_RETRY;
    this.flush();
  }

  // ---- giving

  give(copy, objective, { levels, comment, reviewer }, soon) {
    const { key, number, base, digest } = copy;
    const gift = this.gifts.get(key) ?? { copy: key, objective, number, base, digest, sent: [] };
    this.gifts.set(key, { ...gift, levels, comment, reviewer, digest: copy.digest, version: (gift.version ?? 0) + 1 });
    this.keep(key);
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    const pause = soon ? 0 : Math.max(0, Math.min(WRITING_PAUSE, this.since + LONGEST_WRITING - now));
    this.timer = setTimeout(() => this.flush(), pause);
    this.tell("given", key);
  }

  async flush() {
    clearTimeout(this.timer);
    this.since = null;
    const gift = [...this.gifts.values()].find(({ other, gone }) => !other && !gone);
    if (!gift || this.busy || !this.link) return;
    const token = (this.busy = {});
    const { sent, version, ...said } = gift;
    sent.push(spoken(gift));
    this.keep(gift.copy);
    this.tell("sending", gift.copy);
    const slow = setTimeout(() => token === this.busy && this.fail("", true), LATE);
    try {
      const [answer] = await this.link.ask("give", said);
      if (token === this.busy) this.hear(gift, version, answer);
    } catch {
      if (token === this.busy) this.fail("", true);
    } finally {
      clearTimeout(slow);
      if (token === this.busy) this.busy = null;
    }
    if (!this.failed) this.flush();
  }

  hear({ copy, sent }, version, { saved, other, reason, gone }) {
    const gift = this.gifts.get(copy);
    this.failed = false;
    if (gone) {
      gift.gone = reason;
      return this.tell("gone", copy);
    }
    if (reason) return this.fail(reason, false);
    this.late = false;
    this.trouble = "";
    this.wait = FIRST_RETRY;
    // What somebody else gave may be what this page gave itself, and never heard of.
    const marks = saved ?? (sent.includes(spoken(other)) ? other : null);
    if (!marks) {
      gift.other = other;
      return this.tell("other", copy);
    }
    gift.base = marks.base;
    if (saved) {
      gift.sent = [];
      this.savedAt = new Date();
      if (gift.version === version) this.gifts.delete(copy);
    }
    this.keep(copy);
    this.tell("saved", copy, marks);
  }

  fail(reason, late) {
    this.failed = true;
    this.trouble = reason;
    this.late = late;
    this.busy = null; // a late answer changes nothing: the same is asked again, on the same base
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.failed = false;
      this.flush();
    }, this.wait);
    this.wait = Math.min(this.wait * 2, LAST_RETRY);
    this.tell("failed");
  }

  // ---- two people, one copy

  keepMine(key) {
    const gift = this.gifts.get(key);
    gift.base = gift.other.base;
    delete gift.other;
    this.tell("given", key);
    this.flush();
  }

  drop(key) {
    const gift = this.gifts.get(key);
    this.gifts.delete(key);
    this.keep(key);
    this.tell("dropped", key, gift.other);
  }

  // ---- what waits

  // Whether something waits to be saved that can be saved without anybody's choice.
  get pending() {
    return [...this.gifts.values()].some(({ other, gone }) => !other && !gone);
  }

  get disputed() {
    return [...this.gifts.values()].filter(({ other, gone }) => other || gone);
  }

  keep(key) {
    const gift = this.gifts.get(key);
    try {
      if (gift) localStorage.setItem(this.prefix + key, JSON.stringify({ ...gift, other: undefined, gone: undefined }));
      else localStorage.removeItem(this.prefix + key);
      this.kept = true;
    } catch {
      this.kept = !gift; // storage is full or forbidden
    }
  }

  // What an earlier page left: it is sent again on the base that it had, so that nothing newer is written over.
  adopt() {
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith(this.prefix))) {
        const gift = JSON.parse(localStorage.getItem(name) ?? "null");
        if (gift && typeof gift.comment === "string" && Array.isArray(gift.levels)) this.gifts.set(gift.copy, gift);
      }
    } catch {
      this.kept = false;
    }
  }

  tell(kind, key, marks) {
    for (const listener of this.listeners) listener(kind, key, marks);
  }
}
