// Who is working, as this page knows it: the file's state, and what was typed and is not yet acknowledged.
//
// Any widget of the page may carry the message: the form of the welcome page, the one of a notebook's foot.

const PAUSE = 500; // ms after the last keystroke
const LONGEST_PAUSE = 3000; // a pause never comes while somebody types on
const RETRY = 4000;

export class Who {
  constructor(team) {
    this.team = team; // {group, members, owner} as it is on disk
    this.typed = null; // {group, members} until it is acknowledged
    this.number = 0;
    /** @type {Model[]} The last one carries the messages. */
    this.models = [];
    this.saved = false;
    this.late = false; // no acknowledgement came in time
    this.trouble = ""; // the kernel's reason for not saving
    this.asked = ""; // whose answers are in this workbook, when the names that were typed are other people's
    this.room = ""; // where other people find their workbook
    this.listeners = new Set();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  /** @param {Model} model */
  attach(model, team) {
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
        this.typed = null;
        this.saved = true;
        this.late = false;
        this.trouble = "";
      }
      this.receive(message.team);
    } else if (message.kind === "team-asked" && message.number === this.number) {
      clearTimeout(this.retry);
      this.late = false;
      this.asked = message.owner;
      this.tell();
    } else if (message.kind === "room-made") {
      this.room = message.sentence;
      this.tell();
    } else if (message.kind === "team-not-saved" && message.number === this.number) {
      this.trouble = message.reason;
      this.tell();
    }
  }

  receive(team) {
    this.team = team;
    this.tell();
  }

  set(group, members) {
    this.typed = { group, members };
    this.asked = this.room = "";
    this.number += 1;
    this.trouble = "";
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.since + LONGEST_PAUSE - now)));
    this.tell();
  }

  // The same people, spelled otherwise.
  correct() {
    this.asked = "";
    if (this.typed) this.typed.sure = true;
    this.flush();
    this.tell();
  }

  // Other people: these names are theirs again who wrote here.
  giveBack() {
    this.asked = "";
    this.typed = null;
    this.models.at(-1)?.send({ kind: "others" });
    this.tell();
  }

  flush() {
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    this.since = null;
    const model = this.models.at(-1);
    if (!this.typed || this.asked) return;
    try {
      model?.send({ kind: "team", number: this.number, ...this.typed });
    } catch {
      // the comm is closed: the next model sends it again
    }
    this.retry = setTimeout(() => {
      this.late = true;
      this.flush();
      this.tell();
    }, RETRY);
  }

  get status() {
    if (this.trouble) return ["alarm", `Non enregistré. ${this.trouble} Ne fermez pas cette page.`];
    if (this.asked) return ["alarm", "Pas encore enregistré\u00a0: répondez à la question."];
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
