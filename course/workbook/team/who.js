// The people who work, as this page knows them: the file's state, and what was typed and is not yet acknowledged.
//
// Any widget of the page may carry the message: the form of the welcome page, the one of a notebook's foot.
import { shelf } from "../shelf.js";
import { unsaved } from "../unsaved.js";

const PAUSE = 500; // ms after the last keystroke
const LONGEST_PAUSE = 3000; // a pause never comes while somebody types on
const RETRY = 4000;
const DOCUMENT = /^course:(?:brouillon|quiz):([^:]+):/; // of a draft's key: session.js, quiz/results.js
const ANSWERED = -1; // no number of names: the answer to the question is on its way

export class Who {
  constructor(team) {
    this.team = team; // {group, members, owner, authors, held} as it is on disk
    this.typed = null; // {group, members} until it is acknowledged
    this.number = 0; // of the names that were typed last
    this.judged = 0; // of those that the kernel asks about: they are on disk, and wait for an answer
    /** @type {Model[]} The last one carries the messages. */
    this.models = [];
    this.saved = false;
    this.late = false; // no acknowledgement came in time
    this.trouble = ""; // the kernel's reason for not saving
    this.asked = ""; // whose answers are in this workbook, while the names that were typed wait for an answer
    /** @type {"" | "correction" | "others"} What a person answered for all that is typed now. */
    this.answered = "";
    this.stored = /** @type {string[]} */ ([]); // the keys of drafts in the browser's database
    this.drawn = 0; // how often other names than those typed in a form had to be put there
    this.room = ""; // where other people find their workbook
    this.listeners = new Set();
    this.look();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  /** @param {Model} model */
  attach(model, team) {
    unsaved().add(this);
    this.models.push(model);
    const hear = (message) => this.hear(message);
    model.on("msg:custom", hear);
    if (this.typed) this.flush();
    else this.receive(team);
    return () => {
      model.off("msg:custom", hear);
      this.models.splice(this.models.indexOf(model), 1);
    };
  }

  hear(message) {
    if (message.kind === "team-saved") {
      if (message.number === this.number) {
        clearTimeout(this.retry);
        if (this.answered) this.drawn += 1;
        this.typed = null;
        this.asked = this.answered = "";
        this.saved = true;
        this.late = false;
        this.trouble = "";
        this.room = message.room || this.room;
      }
      this.receive(message.team);
      dispatchEvent(new Event("course:team")); // for what names them elsewhere on the page
    } else if (message.kind === "team-asked" && message.number === this.number && this.typed) {
      clearTimeout(this.retry);
      this.late = false;
      this.trouble = "";
      const { answered, judged } = this;
      this.ask(message.team);
      if (answered && judged !== ANSWERED) this.answer(answered); // it was given for names that were still on their way
    } else if (message.kind === "team-not-saved" && message.number === this.number) {
      this.trouble = message.reason;
      this.tell();
    }
  }

  receive(team) {
    this.team = team;
    if (team.held && !this.typed) {
      this.typed = { ...team.held };
      this.number += 1;
      this.drawn += 1;
      this.ask(team);
    } else this.tell();
  }

  ask(team) {
    this.team = team;
    this.asked = team.authors;
    this.judged = this.number;
    this.answered = "";
    this.tell();
  }

  set(group, members) {
    this.typed = { group, members };
    this.room = this.answered = "";
    this.number += 1;
    this.judged = 0;
    this.trouble = "";
    const now = Date.now();
    if (!this.since) this.look();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.since + LONGEST_PAUSE - now)));
    this.tell();
  }

  /**
   * The answer to the question that the names led to; they wait on the disk until the kernel has heard it.
   * @param {"correction" | "others"} answer
   */
  answer(answer) {
    if (!this.typed) return;
    this.answered = answer;
    if (this.judged === this.number) this.judged = ANSWERED;
    this.flush();
    this.tell();
  }

  flush() {
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    this.since = null;
    const model = this.models.at(-1);
    if (!this.typed || this.judged === this.number) return;
    try {
      const answer = this.judged === ANSWERED ? this.answered : undefined;
      model?.send({ kind: "team", number: this.number, ...this.typed, drafts: this.drafts, answer });
    } catch {
      // the comm is closed: the next model sends it again
    }
    this.retry = setTimeout(() => {
      this.late = true;
      this.flush();
      this.tell();
    }, RETRY);
  }

  /** True when the file on disk names somebody. */
  get isNamed() {
    return Boolean(this.team.group || this.team.members.length);
  }

  // ---- what is not on disk, as unsaved.js asks for it

  get isUnsaved() {
    return Boolean(this.typed) && this.judged !== this.number; // names that wait for an answer are on disk
  }

  get isStuck() {
    return this.late || Boolean(this.trouble);
  }

  get name() {
    return "les noms";
  }

  // ---- drafts: texts that no disk has are somebody's answers all the same

  // A browser that was killed had not yet written all drafts to localStorage: its database may have more.
  async look() {
    this.stored = (await shelf.all()).map(([key]) => key);
  }

  /** The documents, of any workbook, of which this browser or this window holds texts that are not on disk. */
  get drafts() {
    const keys = [...this.stored];
    try {
      keys.push(...shelf.now().map(([key]) => key));
    } catch {
      // storage is forbidden: what there is, this window holds
    }
    const open = [...unsaved().holders].map(({ draft }) => draft);
    return [...new Set([...keys.map((key) => DOCUMENT.exec(key)?.[1]), ...open])].filter(Boolean);
  }

  get status() {
    if (this.trouble) return ["alarm", `Non enregistré. ${this.trouble} Ne fermez pas cette page.`];
    if (this.asked && this.judged === this.number) return ["alarm", "Ces noms ne sont pas encore enregistrés\u00a0: répondez à la question."];
    if (this.room) return ["saved", this.room];
    if (this.typed && this.late) return ["alarm", "Pas encore enregistré\u00a0: ne fermez pas cette page, nouvel essai en cours."];
    if (this.typed) return ["busy", "Enregistrement…"];
    return ["saved", this.saved ? "Enregistré" : ""];
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}

// One for each workbook, which outlives the models that a kernel's death takes away.
export function whoOf(workbook, team) {
  const all = (globalThis.courseTeams ??= new Map());
  if (!all.has(workbook)) all.set(workbook, new Who(team));
  return all.get(workbook);
}
