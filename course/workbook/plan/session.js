// The state of the plan in this page: what was written of each action, and the canvases it comes from.
import { Session, sessionIn } from "../session.js";
import { entriesOf, linesOf } from "./rows.js";

export class PlanSession extends Session {
  begin() {
    this.sources = /** @type {import("./rows.js").Source[]} */ ([]);
    this.unreadable = /** @type {Record<string, string>} */ ({});
    this.cached = /** @type {import("./rows.js").Line[] | null} */ (null);
  }

  receive(state) {
    // An acknowledgement does not read the canvases again.
    this.sources = state.sources ?? this.sources;
    this.unreadable = state.unreadable ?? this.unreadable;
    this.cached = null;
    super.receive(state);
  }

  tell(kind, message) {
    this.cached = null;
    super.tell(kind, message);
  }

  get name() {
    return "le plan";
  }

  lines() {
    this.cached ??= linesOf(this.sources ?? [], entriesOf(this.state.entries, this.pending), this.unreadable ?? {});
    return this.cached;
  }

  /** Writes values, given as [line, field, value]. */
  write(edits) {
    if (!edits.length) return;
    this.together(() => {
      for (const [{ row, option, parent }, field, value] of edits) this.set({ row, option, parent }, field, value);
    });
  }

  /** A text that is being typed. */
  type(line, field, value) {
    const { row, option, parent } = line;
    this.set({ row, option, parent }, field, value);
  }
}

export const planSession = (state) => sessionIn(PlanSession, "plan", state);
