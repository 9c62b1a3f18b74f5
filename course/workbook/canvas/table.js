// The table of a canvas: options, strategies, actions and, when they are wanted, the three pilot columns.
import { NAMES, PILOT } from "./columns.js";
import { conflictGroup } from "./conflicts.js";
import { make } from "../dom.js";
import { hint } from "./hints.js";
import { cellsOf, cleaned, linesOf } from "./paste.js";
import { afterPress } from "./press.js";
import { homeOf } from "./tree.js";

const MOST = 20; // rows of a kind, as the format allows
const LONGEST = 4000; // characters of a text

export class Table {
  constructor(canvas, session, say) {
    this.canvas = canvas;
    this.session = session;
    this.say = say; // shows a sentence, with buttons, below the table
    this.bodies = new Map(); // option id -> its <tbody>
    this.fields = new Map(); // "row field" -> its <textarea>
    this.conflictsShown = "[]";
    this.head = make("thead");
    const caption = make("caption", {}, `Canevas ${canvas.id}\u00a0: ${canvas.title}`);
    this.node = make("table", {}, caption, this.head);
    for (const option of canvas.options) {
      const body = make("tbody");
      this.bodies.set(option.id, body);
      this.node.append(body);
    }
    this.draw();
  }

  // ---- drawing

  draw() {
    const tree = this.session.tree();
    const pilot = this.session.pilot ? PILOT : [];
    const heads = ["Option", "Stratégie", "Action", ...pilot.map((name) => NAMES[name])];
    this.node.classList.toggle("course-wide", this.session.pilot);
    this.head.replaceChildren(make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name))));
    this.fields.clear();
    for (const option of this.canvas.options) this.drawOption(option, this.shown(tree, option));
    this.shape = this.shapeOf(tree);
    this.drawConflicts();
  }

  // The rows to show: those there are, and an empty one where there is none. It has the id that it will have in the
  // file, so that typing in it changes nothing on the page.
  shown(tree, option) {
    const strategies = tree[option.id] ?? [];
    const blank = { id: this.session.blank(option.id.replaceAll(".", "-")) };
    return (strategies.length ? strategies : [blank]).map((strategy) => {
      const actions = strategy.actions ?? [];
      return { strategy, actions: actions.length ? actions : [{ id: this.session.blank(strategy.id) }] };
    });
  }

  shapeOf(tree) {
    const options = this.canvas.options.map((option) =>
      this.shown(tree, option).map(({ strategy, actions }) => `${strategy.id}(${actions.map(({ id }) => id)})`),
    );
    return `${this.session.pilot}${options.join(";")}`;
  }

  drawOption(option, chains) {
    const rows = chains.flatMap((chain, rank) => this.chainRows(option, chain, rank, chains.length));
    rows[0].prepend(this.optionCell(option, rows.length, chains.length));
    this.bodies.get(option.id).replaceChildren(...rows);
  }

  optionCell(option, height, strategies) {
    const add = this.button("+ Stratégie", `Ajouter une stratégie, option ${option.id}`, () => {
      this.settle(option.id);
      this.focusOn(this.session.add(option.id), "strategy");
    });
    add.disabled = strategies >= MOST;
    return make(
      "th",
      { scope: "rowgroup", rowspan: height },
      make("span", { class: "course-option" }, make("b", {}, option.id), ` ${option.label}`),
      make("span", { class: "course-gloss" }, option.gloss),
      add,
    );
  }

  chainRows(option, { strategy, actions }, rank, total) {
    const place = { row: strategy.id, option: option.id, parent: "" };
    const name = `stratégie ${rank + 1}`;
    const of = `option ${option.id}\u00a0: ${option.label}`;
    const cell = this.cell(place, "strategy", strategy.strategy, `Stratégie ${rank + 1}, ${of}`, actions.length);
    if (total > 1) cell.append(this.remover(place, `Supprimer la ${name}, ${of}`));
    return actions.map((action, index) => {
      const where = { row: action.id, option: option.id, parent: strategy.id };
      const label = `action ${index + 1} de la ${name}, ${of}`;
      const last = this.cell(where, "action", action.action, `A${label.slice(1)}`);
      if (actions.length > 1) last.append(this.remover(where, `Supprimer l’${label}`));
      if (index === actions.length - 1) last.append(this.adder(option, strategy, actions, name));
      const pilot = this.session.pilot ? PILOT : [];
      const more = pilot.map((field) => this.cell(where, field, action[field], `${NAMES[field]}, ${label}`));
      return make("tr", {}, ...(index ? [] : [cell]), last, ...more);
    });
  }

  cell(place, name, text, label, height = 1) {
    const area = this.field(place, name, text, label);
    return make("td", { rowspan: height, "data-label": NAMES[name] }, area, area.hint);
  }

  adder(option, strategy, actions, name) {
    const button = this.button("+ Action", `Ajouter une action à la ${name}, option ${option.id}`, () => {
      this.settle(option.id, strategy.id);
      this.focusOn(this.session.add(option.id, strategy.id), "action");
    });
    button.disabled = actions.length >= MOST;
    return button;
  }

  remover(place, label) {
    return this.button("×", label, () => this.remove(place), "course-remove");
  }

  button(text, label, onclick, className) {
    return make("button", { type: "button", "aria-label": label, title: label, class: className, onclick }, text);
  }

  // ---- fields

  field(place, name, text, label) {
    const area = make("textarea", { rows: 2, maxlength: LONGEST, "aria-label": label, placeholder: NAMES[name] });
    area.value = text ?? "";
    area.place = place;
    area.field = name;
    area.hint = make("p", { class: "course-hint", id: `course-${this.canvas.id}-${place.row}-${name}` });
    area.setAttribute("aria-describedby", area.hint.id);
    area.addEventListener("input", () => this.typed(area));
    area.addEventListener("paste", (event) => this.paste(event, area));
    area.addEventListener("blur", () => {
      this.session.flush();
      afterPress(() => this.hintAt(area));
    });
    this.fields.set(`${place.row} ${name}`, area);
    this.hintAt(area);
    return area;
  }

  typed(area) {
    this.session.set(area.place, area.field, area.value);
    area.hint.textContent = "";
    this.fit(area);
  }

  hintAt(area) {
    if (NAMES[area.field] && !PILOT.includes(area.field)) {
      area.hint.textContent = hint(area.field, area.value);
    }
  }

  // Browsers without `field-sizing` need the height to be set by hand.
  fit(area) {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  refresh(row, name) {
    const area = this.fieldOf(row.id, name);
    const text = row[name] ?? "";
    if (!area || area.value === text) return;
    area.value = text;
    this.hintAt(area);
    this.fit(area);
  }

  fieldOf(row, field) {
    return this.fields.get(`${row} ${field}`);
  }

  focusOn(row, field) {
    this.fieldOf(row, field)?.focus();
  }

  // ---- pasting

  paste(event, area) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cells = area.field === "strategy" || area.field === "action" ? cellsOf(text) : null;
    event.preventDefault();
    if (cells) return this.fill(linesOf(cells, this.canvas.options, area.place.option));
    const clean = cleaned(text).slice(0, LONGEST);
    // The browser's own insertion keeps its undo; a browser that has it no more gets the text all the same.
    if (!document.execCommand("insertText", false, clean)) {
      area.setRangeText(clean, area.selectionStart, area.selectionEnd, "end");
      this.typed(area);
    }
  }

  // A block of cells fills rows: empty ones first, then new ones. What was written is never replaced.
  fill(lines) {
    let filled = 0;
    let strategy = /** @type {{row: string, option: string, parent: string} | null} */ (null);
    for (const line of lines) {
      const continued = !line.strategy && strategy?.option === line.option;
      if (!continued) strategy = this.rowFor(line.option, "", "strategy", line.strategy);
      if (strategy && line.action) this.rowFor(line.option, strategy.row, "action", line.action);
      filled += strategy ? 1 : 0;
    }
    this.session.flush();
    this.draw();
    const left = lines.length - filled;
    const several = filled > 1 ? "s" : "";
    const rest = left ? ` Pas de place pour ${left}.` : "";
    this.say(`${filled} ligne${several} collée${several}.${rest}`);
  }

  rowFor(option, parent, field, text) {
    const rows = homeOf(this.session.tree(), { option, parent });
    const free = rows.find((row) => !row[field] && !(row.actions ?? []).some(({ action }) => action));
    if (!free && rows.length >= MOST) return null;
    const stem = parent || option.replaceAll(".", "-");
    const row = free?.id ?? (rows.length ? this.session.add(option, parent) : this.session.blank(stem));
    const place = { row, option, parent };
    this.session.set(place, field, text.slice(0, LONGEST));
    return place;
  }

  // ---- rows

  // A row that was only shown becomes one of the file before a second one joins it.
  settle(option, parent = "") {
    if (homeOf(this.session.tree(), { option, parent }).length) return;
    const first = [...this.fields.values()].find(({ place }) => place.option === option && place.parent === parent);
    this.session.change({ kind: "add", ...first.place });
  }

  remove(place) {
    this.session.remove(place);
    const undo = make("button", { type: "button", onclick: () => this.bringBack(place) }, "Annuler");
    this.say(place.parent ? "Action supprimée. " : "Stratégie supprimée. ", undo);
    undo.focus();
  }

  bringBack(place) {
    this.session.restore(place.row);
    this.say();
    this.focusOn(place.row, place.parent ? "action" : "strategy");
  }

  // ---- changes by others

  update() {
    const tree = this.session.tree();
    if (this.shapeOf(tree) !== this.shape) {
      this.draw();
      return true;
    }
    for (const strategies of Object.values(tree)) {
      for (const strategy of strategies) {
        this.refresh(strategy, "strategy");
        for (const action of strategy.actions ?? []) for (const name of ["action", ...PILOT]) this.refresh(action, name);
      }
    }
    const conflicts = JSON.stringify(this.session.state.conflicts);
    if (conflicts !== this.conflictsShown) this.drawConflicts();
    return false;
  }

  // A row that comes back is not there yet; once it is, the caret goes where its text ends.
  awaitCaret({ row, field, option, parent, text: { length } }) {
    this.session.focus = { row, field, place: { row, option, parent }, start: length, end: length };
  }

  drawConflicts() {
    const { conflicts } = this.session.state;
    this.conflictsShown = JSON.stringify(conflicts);
    for (const old of this.node.querySelectorAll(".course-conflict")) old.remove();
    for (const conflict of conflicts) {
      const field = this.fieldOf(conflict.row, conflict.field) ?? this.fieldOf(conflict.row, "action");
      const option = this.bodies.get(conflict.option).querySelector("th");
      const choose = (choice) => {
        this.session.resolve(conflict, choice);
        (this.fieldOf(conflict.row, conflict.field) ?? field ?? option.querySelector("button")).focus();
        if (!field && choice === "other") this.awaitCaret(conflict);
      };
      (field?.closest("td") ?? option).append(conflictGroup(conflict, Boolean(field), choose));
    }
  }
}
