// The state of one canvas in this page: its rows, those that were removed, and the columns that are shown.
import { PILOT } from "./columns.js";
import { identifier, Session, sessionIn } from "../session.js";
import { homeOf, treeOf, writersIn } from "./tree.js";
import { isUnplaced, Unplaced } from "./unplaced.js";

const COLUMNS = "course:pilotage:";

export class CanvasSession extends Session {
  begin() {
    /** @type {Map<string, any>} */
    this.undo = new Map(); // removed row -> what `restore` puts back on the screen
    this.note = /** @type {any} */ (null); // what the last removal or paste has to say, and where
    this.pilot = false;
    this.pilotLeft = /** @type {string | null} */ (null); // "1" or "0" once the person has opened or closed them here
    this.unplaced = /** @type {any} */ (null); // texts of pastes that wait for a place
  }

  opened() {
    this.unplaced = new Unplaced(this);
  }

  isDraft(key) {
    return !isUnplaced(key);
  }

  get name() {
    return `le canevas ${this.objective}`;
  }

  get draft() {
    return super.draft || (this.unplaced.items.length ? this.state.document : "");
  }

  receive(state) {
    const isMoved = this.state && this.state.document !== state.document;
    const former = isMoved && this.unplaced.key;
    super.receive(state);
    if (former) this.unplaced.move(former);
    this.pilot ||= this.wantsPilot();
  }

  add(option, parent = "") {
    const row = identifier();
    this.change({ kind: "add", row, option, parent });
    return row;
  }

  remove(place) {
    const home = homeOf(this.tree(), place);
    const index = home.findIndex((row) => row.id === place.row);
    this.undo.set(place.row, { place, index, row: home[index] });
    this.change({ kind: "remove", ...place, seen: writersIn(home[index], this) });
    if (!this.quiet) this.flush();
  }

  restore(row) {
    this.change({ kind: "restore", ...this.undo.get(row).place });
    this.flush();
  }

  // ---- the pilot columns: as the person left them here, or open as soon as there is something in them

  wantsPilot() {
    try {
      this.pilotLeft ??= localStorage.getItem(`${COLUMNS}${this.state.document}`);
    } catch {
      // storage is forbidden: nothing was left
    }
    if (this.pilotLeft) return this.pilotLeft === "1";
    const actions = Object.values(this.tree()).flatMap((rows) => rows.flatMap((row) => row.actions ?? []));
    return actions.some((action) => PILOT.some((field) => action[field]));
  }

  showPilot(shown) {
    this.pilot = shown;
    this.pilotLeft = shown ? "1" : "0";
    try {
      localStorage.setItem(`${COLUMNS}${this.state.document}`, this.pilotLeft);
    } catch {
      // it is forgotten with the page
    }
  }

  // ---- what the canvas shows

  tree() {
    return treeOf(this.state.options, this.pending, this.undo);
  }

  // The ids of rows that were removed, here or by an earlier page whose draft says so: nothing is typed under them.
  get gone() {
    const removals = this.pending.filter(({ kind }) => kind === "remove").map(({ row }) => row);
    return [...this.state.removed, ...this.undo.keys(), ...removals];
  }

  // An id for a row that is shown empty and not yet in the file: the same in every page, and never one that was removed.
  blank(stem) {
    const gone = new Set(this.gone);
    let number = 0;
    while (gone.has(`${stem}-${number}`)) number += 1;
    return `${stem}-${number}`;
  }
}

export const sessionOf = (objective, state) => sessionIn(CanvasSession, objective, state);
