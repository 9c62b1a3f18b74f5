// Questions to the kernel and their answers, and what the canvases of this page have not saved yet.
import { unsaved } from "./unsaved.js";

const ANSWER_WAIT = 20000; // ms; a kernel that starts again takes a few seconds

export class Link {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.number = 0;
    this.waiting = new Map();
    this.hear = (message, buffers) => this.waiting.get(message.ask)?.(message, buffers);
    model.on("msg:custom", this.hear);
  }

  close() {
    this.model.off("msg:custom", this.hear);
  }

  /**
   * The answer and its buffers; it throws when none comes in time.
   * @param {ArrayBuffer[]} buffers
   * @returns {Promise<[any, DataView<ArrayBuffer>[]]>}
   */
  ask(kind, content = {}, buffers = []) {
    const number = ++this.number;
    return new Promise((resolve, reject) => {
      const end = (settle) => {
        clearTimeout(timer);
        this.waiting.delete(number);
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new Error("no answer"))), ANSWER_WAIT);
      this.waiting.set(number, (message, answered) => end(() => resolve([message, answered])));
      try {
        this.model.send({ kind, ask: number, ...content }, undefined, buffers);
      } catch (error) {
        end(() => reject(error)); // the comm is closed
      }
    });
  }
}

// The sessions of a goal's canvases on this page, as session.js keeps them.
const sessions = (goal) => [...(globalThis.courseSessions?.values() ?? [])].filter((s) => s.objective.startsWith(`${goal}.`));

// Has everything typed saved; the objectives of the canvases whose texts are not on disk after that.
export async function settle(goal) {
  const left = await unsaved().settle(({ objective = "" }) => objective.startsWith(`${goal}.`));
  return [...new Set(left.map(({ objective }) => objective))].sort();
}

// The objectives of the canvases where pasted texts wait for a place -> how many.
export function unplacedTexts(goal) {
  const numbers = sessions(goal).map((session) => /** @type {[string, number]} */ ([session.objective, session.unplaced?.items.length ?? 0]));
  return new Map(numbers.filter(([, number]) => number).sort());
}

// Has the canvases of this page read their files again.
export function refresh(objectives) {
  for (const goal of "12345") {
    for (const session of sessions(goal)) if (objectives.includes(session.objective)) session.send({ kind: "hello" });
  }
}
