// The placement of a pasted block's lines: into rows that have room, the field's own first, then into new ones. Written
// text is never replaced, and the whole can be undone as long as nobody has written on.
import { FIELDS, NAMES } from "./columns.js";
import { homeOf } from "./tree.js";

export const MOST = 20; // rows of a kind, as the format allows

const LONGEST_ORIGIN = 60; // code points of each text that names a row

const ofActions = FIELDS.slice(1);
const isFree = (row) => FIELDS.every((field) => !row[field]) && !(row.actions ?? []).some((action) => !isFree(action));

export class Placement {
  /** `place` and `field` say where the caret is. */
  constructor(session, { place, field }) {
    this.session = session;
    this.caret = { place, field };
    const strategy = { row: place.parent || place.row, option: place.option, parent: "" };
    this.strategy = { place: strategy, text: "" }; // the one that lines without a strategy go on with
    this.below = /** @type {any} */ (null); // the action that the line above is in
    this.sets = /** @type {{place: any, field: string, text: string, former: string}[]} */ ([]);
    this.added = /** @type {any[]} */ ([]);
  }

  /**
   * Puts the lines of a block in their places: how many found one, and the texts that found none, each with the words
   * of its row and with the place that it would go to.
   */
  fill(lines, left) {
    const { place } = this.caret;
    const at = { option: place.option, row: place.parent || place.row };
    const ofOption = (option) => (option && option !== place.option ? { place: { row: "", option, parent: "" }, field: "strategy" } : this.caret);
    const items = left.filter(({ line }) => line < 0).map(({ text, option }) => ({ text, origin: "", ...ofOption(option), at }));
    let filled = 0;
    for (const [index, line] of lines.entries()) {
      const { rest, own } = this.put(line);
      const target = own ?? ofOption(line.option);
      const names = rest.map((name) => (name === target.field ? line[name] : `${NAMES[name]}\u00a0: ${line[name]}`));
      const others = left.filter((one) => one.line === index).map(({ text }) => text);
      const origin = this.originOf(line, own);
      items.push(...[...names, ...others].map((text) => ({ text, origin, ...target, at })));
      if (rest.length < Object.keys(line).length - 1) filled += 1;
    }
    return { filled, items };
  }

  originOf(line, own) {
    const { strategy = own ? this.strategy.text : "", action = own?.field === "action" ? this.text(own.place, "action") : "" } = line;
    const texts = [strategy, action].some(Boolean) ? [strategy, action] : ofActions.map((field) => line[field]);
    const short = (text) => ([...text].length > LONGEST_ORIGIN ? `${[...text].slice(0, LONGEST_ORIGIN).join("")}…` : text);
    return [line.option, ...texts].filter(Boolean).map((text) => short(text.replaceAll("\n", " "))).join("\u00a0; ");
  }

  /** Puts a line in its place: the fields for which there is no room, and where what is left of the line belongs. */
  put(line) {
    const { option } = line;
    if (option !== this.strategy.place.option || (line.strategy && line.strategy !== this.strategy.text)) {
      const place = this.strategyFor(option, line.strategy);
      if (!place) return { rest: FIELDS.filter((field) => line[field]), own: null };
      this.strategy = { place, text: line.strategy ?? "" };
      this.below = null;
      if (line.strategy) this.set(place, "strategy", line.strategy);
    }
    const fields = ofActions.filter((field) => line[field]);
    const action = fields.length && (line.action || line.strategy ? this.actionFor(fields) : this.nextAction(fields));
    if (!action) return { rest: fields, own: line.strategy || !fields.length ? { place: this.strategy.place, field: "strategy" } : null };
    this.below = action;
    for (const field of fields) this.set(action, field, line[field]);
    return { rest: [], own: { place: action, field: "action" } };
  }

  strategyFor(option, text) {
    const { place } = this.caret;
    const own = place.option === option ? place.parent || place.row : "";
    const has = (row) => (row.id === own && text ? !row.strategy : isFree(row));
    return this.rowFor({ option, parent: "" }, own, has);
  }

  actionFor(fields) {
    const { row: parent, option } = this.strategy.place;
    const has = (row) => (row.id === this.caret.place.row ? fields.every((field) => !row[field]) : isFree(row));
    return this.rowFor({ option, parent }, this.caret.place.row, has);
  }

  // A row of a list from the caret's on, any other, or a new one.
  rowFor(home, own, has) {
    const rows = homeOf(this.session.tree(), home);
    const from = Math.max(0, rows.findIndex(({ id }) => id === own));
    const free = rows.slice(from).find(has) ?? rows.find(has);
    if (!free && rows.length >= MOST) return null;
    const stem = home.parent || home.option.replaceAll(".", "-");
    const row = free?.id ?? (rows.length ? this.session.add(home.option, home.parent) : this.session.blank(stem));
    const place = { row, ...home };
    if (!free && rows.length) this.added.push(place);
    return place;
  }

  // Columns that begin after the action belong to the actions that are there, one a line.
  nextAction(fields) {
    const { place } = this.caret;
    const { row: own, option } = this.strategy.place;
    const strategies = homeOf(this.session.tree(), { option, parent: "" });
    const all = strategies.flatMap(({ id, actions }) => {
      const rows = actions?.length ? actions : [{ id: this.session.blank(id) }];
      return rows.map((row) => ({ row, parent: id }));
    });
    if (!all.length) return place.parent ? place : null;
    const first = own === place.parent ? place.row : own;
    const at = this.below
      ? all.findIndex(({ row }) => row.id === this.below.row) + 1
      : all.findIndex(({ row, parent }) => row.id === first || parent === first);
    const next = all[at];
    return next && fields.every((field) => !next.row[field]) ? { row: next.row.id, option, parent: next.parent } : null;
  }

  /** Writes a text and remembers what was there. */
  set(place, field, text) {
    this.sets.push({ place, field, text, former: this.text(place, field) });
    this.session.set(place, field, text);
  }

  text(place, field) {
    return homeOf(this.session.tree(), place).find(({ id }) => id === place.row)?.[field] ?? "";
  }

  undo() {
    for (const { place, field, text, former } of this.sets.toReversed()) {
      if (this.text(place, field) === text) this.session.set(place, field, former);
    }
    for (const place of this.added.toReversed()) {
      const row = homeOf(this.session.tree(), place).find(({ id }) => id === place.row);
      if (row && isFree(row)) this.session.remove(place);
    }
  }
}
