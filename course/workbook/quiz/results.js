// The answers to one quiz, as this page knows them: the file's state, and the changes that are not yet acknowledged.
//
// A change is kept in this browser at once, sent after a short pause, and forgotten only when the kernel has
// acknowledged that it is on disk. `model.send` succeeds even when the kernel is dead: nothing else proves a save.
import { unsaved } from "../unsaved.js";

const PAUSE = 300; // ms after the last click
const RETRY = 4000;
const LONGEST_RETRY = 30000;
const DRAFT = "course:quiz:"; // then document, quiz and page

const page = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(36)).join("");
const NOTHING = { chosen: [], checked: false, tries: 0 };

export class QuizResults {
  constructor(quiz, state) {
    this.quiz = quiz;
    this.state = state;
    this.client = page();
    this.pending = new Map(); // a question's key or "read" -> {value, message: the last one that carried it}
    this.messages = 0;
    this.wait = RETRY;
    this.kept = true; // this browser can keep drafts
    this.late = this.saved = false;
    this.trouble = "";
    this.listeners = new Set();
    this.adoptDrafts();
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  get prefix() {
    return `${DRAFT}${this.state.document}:${this.quiz}:`;
  }

  // ---- what the page shows: the file, with the changes that are pending

  get read() {
    return this.pending.get("read")?.value ?? this.state.read;
  }

  of(key) {
    return this.pending.get(key)?.value ?? this.state.questions[key] ?? NOTHING;
  }

  set(key, value) {
    this.pending.set(key, { value, message: 0 });
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
    this.tell();
  }

  // ---- what is not on disk, as unsaved.js asks for it

  get isUnsaved() {
    return this.pending.size > 0;
  }

  get isStuck() {
    return this.late || Boolean(this.trouble);
  }

  get name() {
    return "les réponses du quiz";
  }

  get draft() {
    return this.pending.size ? this.state.document : "";
  }

  // ---- the link with the kernel

  /** @param {Model} model */
  attach(model, state) {
    unsaved().add(this);
    this.model = model;
    const hear = (message) => this.hear(message);
    model.on("msg:custom", hear);
    this.receive(state);
    this.wait = RETRY;
    if (this.pending.size) this.flush();
    else this.send({ kind: "hello" });
    return () => model.off("msg:custom", hear);
  }

  send(message) {
    try {
      this.model?.send({ client: this.client, ...message });
    } catch {
      // the comm is closed: the next model sends it again
    }
  }

  hear({ kind, client, message, state, reason }) {
    if (kind === "saved" && client === this.client) {
      for (const [key, change] of this.pending) if (change.message && change.message <= message) this.pending.delete(key);
      this.late = false;
      this.saved = true;
      this.trouble = "";
      this.wait = RETRY;
      clearTimeout(this.retry);
      this.receive(state);
      this.keep();
      if (this.pending.size) this.flush();
      dispatchEvent(new Event("course:saved"));
    } else if (kind === "not-saved" && client === this.client) {
      this.trouble = reason;
    } else if (state) {
      this.receive(state);
    }
    this.tell();
  }

  receive(state) {
    if (state.document !== this.state.document) this.forget();
    this.state = { ...state, notice: state.notice || this.state.notice };
  }

  flush() {
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    if (!this.pending.size || !this.model) return;
    const message = ++this.messages;
    const changes = { questions: {} };
    for (const [key, change] of this.pending) {
      change.message = message;
      if (key === "read") changes.read = change.value;
      else changes.questions[key] = change.value;
    }
    this.send({ kind: "save", message, changes });
    this.retry = setTimeout(() => {
      this.late = true;
      this.wait = Math.min(this.wait * 2, LONGEST_RETRY);
      this.flush();
      this.tell();
    }, this.wait);
  }

  // ---- drafts in this browser

  keep() {
    try {
      const drafts = [...this.pending].map(([key, { value }]) => [key, value]);
      if (drafts.length) localStorage.setItem(this.prefix + this.client, JSON.stringify(drafts));
      else localStorage.removeItem(this.prefix + this.client);
      this.kept = true;
    } catch {
      this.kept = !this.pending.size; // storage is full or forbidden
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.prefix + this.client);
    } catch {
      // storage is forbidden: nothing was kept
    }
  }

  adoptDrafts() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      for (const key of keys) {
        for (const [name, value] of JSON.parse(localStorage.getItem(key) ?? "[]")) this.pending.set(name, { value, message: 0 });
      }
      this.keep();
      if (this.kept) keys.forEach((key) => localStorage.removeItem(key));
    } catch {
      this.kept = !this.pending.size;
    }
  }

  // ---- the status line

  get status() {
    const { pending, kept, trouble, late, saved } = this;
    if (!pending.size) return ["calm", saved ? "Enregistré" : ""];
    if (!kept) return ["alarm", "Pas encore enregistré, et ce navigateur ne peut rien garder\u00a0: ne fermez pas cette page."];
    if (trouble) return ["alarm", `Non enregistré. ${trouble} Vos réponses sont gardées dans ce navigateur.`];
    if (late) return ["alarm", "Pas encore enregistré\u00a0: gardé dans ce navigateur, nouvel essai en cours."];
    return ["calm", "Enregistrement…"];
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}

// One for each quiz and document, which outlives the models that a kernel's death takes away.
export function resultsOf(quiz, state) {
  const all = (globalThis.courseQuizzes ??= new Map());
  const key = `${quiz} ${state.document}`;
  if (!all.has(key)) all.set(key, new QuizResults(quiz, state));
  return all.get(key);
}
