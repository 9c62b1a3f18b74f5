// The table of a canvas: options, strategies, actions and, when they are wanted, the three pilot fields of each action.
import { detailsOf, NAMES, PILOT } from "./columns.js";
import { conflictGroup } from "./conflicts.js";
import { make } from "../dom.js";
import { pasted } from "./paste.js";
import { MOST, Placement } from "./placement.js";
import { head } from "../session.js";
import { homeOf } from "./tree.js";
import { TOO_MANY, unplacedGroup } from "./unplaced.js";

const TITLES = ["Option", "Stratégie\u00a0: comment vous vous y prenez", "Action\u00a0: une tâche, une personne, une date"];

const counted = (number, word) => `${number} ${number > 1 ? word.replace(/(?= |$)/g, "s") : word}`;

export class Table {
  constructor(canvas, session, say) {
    this.canvas = canvas;
    this.session = session;
    this.say = say; // shows a sentence, with buttons, below the table
    this.bodies = new Map(); // option id -> its <tbody>
    this.fields = new Map(); // "row field" -> its <textarea>
    this.conflictsShown = "[]";
    const caption = make("caption", {}, `Canevas ${canvas.id}\u00a0: ${canvas.title}`);
    const heads = TITLES.map((name) => make("th", { scope: "col" }, name));
    this.node = make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)));
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
    this.fields.clear();
    this.asked = null;
    for (const option of this.canvas.options) this.drawOption(option, this.shown(tree, option));
    this.drawUnplaced();
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
      this.shown(tree, option).map(({ strategy, actions }) => `${strategy.id}(${actions.map((one) => one.id + this.closed(one))})`),
    );
    return `${this.session.pilot}${options.join(";")} ${this.session.unplaced.items.map(({ id }) => id)}`;
  }

  drawOption(option, chains) {
    const rows = chains.map((chain, rank) => this.chainRows(option, chain, rank, chains.length));
    const note = this.noteIn(option.id, "");
    const asked = this.unplacedIn(option.id, chains);
    if (asked) rows[asked.index].push(asked.row);
    if (note) rows.splice(note.index, 0, [this.noteRow(note, 2)]);
    const all = [...rows.flat(), this.lastRow(option, chains.length)];
    all[0].prepend(this.optionCell(option, all.length));
    this.bodies.get(option.id).replaceChildren(...all);
  }

  // ---- what the last removal or paste has to say, where it was

  noteIn(option, parent) {
    const { note } = this.session;
    return note?.place.option === option && note.place.parent === parent ? note : null;
  }

  noteRow({ text, undo }, columns) {
    const button = undo ? make("button", { type: "button", onclick: () => this.answer(undo) }, "Annuler") : "";
    return make("tr", {}, make("td", { colspan: columns, class: "course-note" }, make("p", {}, text), button));
  }

  answer(act) {
    const { row, field } = act();
    this.draw();
    (this.fieldOf(row, field) ?? this.node.querySelector("textarea")).focus();
  }

  // Where the last of the pastes was made: the index of the strategy that the question comes after.
  unplacedIn(option, chains) {
    const at = this.session.unplaced.items.at(-1)?.at;
    const { id } = this.canvas.options.find((one) => one.id === at?.option) ?? this.canvas.options[0];
    if (!at || id !== option) return null;
    this.asked = make("td", { colspan: 2, class: "course-note" });
    return { index: Math.max(0, chains.findIndex(({ strategy }) => strategy.id === at.row)), row: make("tr", {}, this.asked) };
  }

  drawUnplaced() {
    const nameOf = (item) => {
      const { label } = this.target(item);
      return label[0].toLowerCase() + label.slice(1);
    };
    this.asked?.append(unplacedGroup(this.session.unplaced, nameOf, (isAdded) => this.answer(() => this.place(isAdded))));
  }

  // The field that a text without a place would go to: its row's or, when that is gone, its option's last strategy.
  target({ place, field }) {
    const own = this.fieldOf(place.row, field) ?? this.fieldOf(place.row, "action");
    const { id } = this.canvas.options.find((one) => one.id === place.option) ?? this.canvas.options[0];
    return own ?? [...this.fields.values()].findLast((area) => area.place.option === id && !area.place.parent);
  }

  /** Shows a note at a place among rows, and has it read aloud. */
  note(note, text) {
    this.session.note = note && { ...note, text };
    this.say(text);
  }

  optionCell(option, height) {
    return make(
      "th",
      { scope: "rowgroup", rowspan: height },
      make("span", { class: "course-option" }, make("b", {}, option.id), ` ${option.label}`),
      make("span", { class: "course-gloss" }, option.gloss),
    );
  }

  lastRow(option, strategies) {
    const add = this.button("+ Autre stratégie", `, option ${option.id}`, () => {
      this.settle(option.id);
      this.focusOn(this.session.add(option.id), "strategy");
    });
    add.disabled = strategies >= MOST;
    return make("tr", { class: "course-more" }, make("td", { colspan: 2 }, add));
  }

  chainRows(option, { strategy, actions }, rank, total) {
    const place = { row: strategy.id, option: option.id, parent: "" };
    const name = `stratégie ${rank + 1}`;
    const of = `option ${option.id}`;
    const about = `\u00a0: ${option.label}`;
    const places = actions.map(({ id }) => ({ row: id, option: option.id, parent: strategy.id }));
    const rows = actions.map((action, index) => {
      const label = `ction ${index + 1} de la ${name}, ${of}`;
      const cell = this.cell(places[index], "action", action.action, { label: `A${label}`, about });
      if (this.session.pilot) cell.append(this.pilot(places[index], action, { label: `a${label}`, about }));
      if (this.closed(action)) cell.append(make("p", { class: "course-closed" }, this.closed(action)));
      return make("tr", {}, cell);
    });
    const note = this.noteIn(option.id, strategy.id);
    if (note) rows.splice(note.index, 0, this.noteRow(note, 1));
    const removers = actions.length > 1 ? places.map((where, index) => this.remover(where, `l’action ${index + 1}`, ` de la ${name}, ${of}${about}`)) : [];
    if (total > 1) {
      const its = actions.length > 1 ? `ses ${actions.length} actions` : "son action";
      removers.unshift(this.remover(place, `la ${name} et ${its}`, `, ${of}${about}`));
    }
    const more = make("td", {}, this.adder(option, strategy, actions, name), this.menu(removers, `\u00a0: ${name}, option ${option.id}`, actions.at(-1)));
    rows.push(make("tr", { class: "course-more" }, more));
    rows[0].prepend(this.cell(place, "strategy", strategy.strategy, { label: `Stratégie ${rank + 1}, ${of}`, about }, rows.length));
    if (rank) rows[0].className = "course-chain";
    return rows;
  }

  pilot(place, action, { label, about }) {
    const fields = PILOT.map((field) => {
      const area = this.field(place, field, action[field], { label: `${NAMES[field]}, ${label}`, about }, 1);
      return make("label", {}, NAMES[field], area, area.hint);
    });
    return make("div", { class: "course-pilot" }, ...fields);
  }

  // What the pilot columns hold of an action is shown below it while they are closed.
  closed(action) {
    const details = this.session.pilot ? [] : detailsOf(action);
    return details.map(([label, text]) => `${label}\u00a0: ${text}`).join("\n");
  }

  cell(place, name, text, words, height = 1) {
    const area = this.field(place, name, text, words);
    return make("td", { rowspan: height, "data-label": NAMES[name] }, area, area.hint);
  }

  adder(option, strategy, actions, name) {
    const button = this.button("+ Action", ` à la ${name}, option ${option.id}`, () => {
      this.settle(option.id, strategy.id);
      this.focusOn(this.session.add(option.id, strategy.id), "action");
    });
    button.disabled = actions.length >= MOST;
    return button;
  }

  // Last in its block. A key that was meant for a field deletes nothing: a space opens the menu, and a word that is typed
  // on it goes on in the last field above.
  menu(removers, about, { id }) {
    if (!removers.length) return "";
    const summary = make("summary", {}, "Supprimer…", make("span", { class: "course-unseen" }, about));
    const node = make("details", { class: "course-remove" }, summary, ...removers);
    node.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
      if (key === "Escape") {
        node.open = false;
        summary.focus();
      }
      if ([...key].length > 1 || key === " " || ctrlKey || metaKey || altKey) return;
      const area = this.fieldOf(id, "action");
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
    });
    return node;
  }

  remover(place, text, about) {
    return this.button(`Supprimer ${text}`, about, () => this.remove(place));
  }

  /** A button whose name goes on, for who does not see where it stands. */
  button(text, about, onclick) {
    return make("button", { type: "button", "aria-label": text + about, onclick }, text);
  }

  // ---- fields

  /** A field; `label` names it alone, `about` says more of its option to who hears it. */
  field(place, name, text, { label, about = "" }, rows = 2) {
    const area = make("textarea", { rows, "aria-label": label + about, placeholder: rows > 1 && NAMES[name] });
    area.label = label;
    area.value = text ?? "";
    area.place = place;
    area.field = name;
    area.hint = make("p", { class: "course-hint", id: `course-${this.canvas.id}-${place.row}-${name}` });
    area.setAttribute("aria-describedby", area.hint.id);
    area.addEventListener("input", () => this.typed(area));
    area.addEventListener("paste", (event) => this.paste(event, area));
    area.addEventListener("blur", () => this.session.flush());
    this.fields.set(`${place.row} ${name}`, area);
    area.hint.textContent = this.tooLong(area.value);
    return area;
  }

  typed(area) {
    this.session.set(area.place, area.field, area.value);
    area.hint.textContent = this.tooLong(area.value);
    this.fit(area);
  }

  tooLong(text) {
    const saved = head(text);
    if (saved === text) return "";
    const more = [...text.slice(saved.length)].length;
    return `Trop long\u00a0: seuls les 4\u202f000 premiers caractères s’enregistrent. Ce navigateur garde la suite (${counted(more, "caractère")})\u00a0; raccourcissez ce texte.`;
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
    area.hint.textContent = this.tooLong(text);
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
    const { text, lines, left } = pasted(event.clipboardData?.getData("text/plain") ?? "", this.canvas, area.place.option, area.field);
    event.preventDefault();
    if (lines) return this.fill(lines, left, area);
    // The browser's own insertion keeps its undo; a browser that has it no more gets the text all the same.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      this.typed(area);
    }
  }

  fill(lines, left, { place, field }) {
    const { session } = this;
    const at = this.noteAt({ option: place.option, row: place.parent || place.row });
    const placement = new Placement(session, { place, field });
    let [filled, items] = /** @type {[number, any[]]} */ ([0, []]);
    const isDone = session.together(() => {
      ({ filled, items } = placement.fill(lines, left));
      return session.unplaced.add(items);
    });
    if (!isDone) this.note(at, TOO_MANY);
    else {
      if (placement.sets.some(({ field: column }) => PILOT.includes(column))) session.showPilot(true);
      const text = filled ? `${counted(filled, "ligne collée")}.` : "Rien n’est collé.";
      const rest = items.length ? ` Sans place dans ce canevas\u00a0: ${counted(items.length, "texte")}.` : "";
      const titles = lines.length || left.length ? "" : " Il n’y a là que des titres de colonnes.";
      const paste = { placement, items };
      this.note({ ...at, paste, undo: () => this.unfill(paste) }, text + rest + titles);
    }
    this.draw();
    const area = this.fieldOf(place.row, field);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  // A note after a strategy.
  noteAt({ option, row }) {
    const home = homeOf(this.session.tree(), { option, parent: "" });
    return { place: { option, parent: "" }, index: home.findIndex(({ id }) => id === row) + 1 || 1 };
  }

  unfill({ placement, items }) {
    const { place, field } = placement.caret;
    this.note(null, "Collage annulé.");
    this.session.together(() => placement.undo());
    this.session.unplaced.drop(items);
    return { ...place, field };
  }

  // The answer to what has no place. Its undo is also that of the last paste, if that can still be undone.
  place(isAdded) {
    const { unplaced, note } = this.session;
    const { items } = unplaced;
    const areas = items.map((item) => this.target(item));
    const first = { place: areas[0].place, field: areas[0].field };
    const answer = new Placement(this.session, first);
    if (isAdded) {
      this.session.together(() => {
        for (const [index, { place, field }] of areas.entries()) {
          answer.set(place, field, [answer.text(place, field), items[index].text].filter(Boolean).join("\n"));
        }
      });
    }
    unplaced.drop(items);
    const undo = () => {
      this.session.together(() => answer.undo());
      unplaced.restore(items);
      if (note?.paste) return this.unfill(note.paste);
      this.note(null, "Réponse annulée.");
      return { ...first.place, field: first.field };
    };
    const at = note?.paste ? note : this.noteAt(items.at(-1).at);
    this.note({ ...at, undo }, isAdded ? `Ajouté\u00a0: ${counted(items.length, "texte")}.` : "Laissé de côté.");
    return { ...first.place, field: first.field };
  }

  // ---- rows

  // A row that was only shown becomes one of the file before a second one joins it.
  settle(option, parent = "") {
    if (homeOf(this.session.tree(), { option, parent }).length) return;
    const first = [...this.fields.values()].find(({ place }) => place.option === option && place.parent === parent);
    this.session.change({ kind: "add", ...first.place });
  }

  remove(place) {
    const { row, ...home } = place;
    const index = homeOf(this.session.tree(), place).findIndex(({ id }) => id === row);
    const undo = () => {
      this.note(null, place.parent ? "Action remise." : "Stratégie remise.");
      this.session.restore(row);
      return { row, field: place.parent ? "action" : "strategy" };
    };
    this.note({ place: home, index, undo }, place.parent ? "Action supprimée." : "Stratégie supprimée.");
    this.session.remove(place);
    this.node.querySelector(".course-note button")?.focus();
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
        (this.fieldOf(conflict.row, conflict.field) ?? field ?? this.bodies.get(conflict.option).querySelector("textarea")).focus();
        if (!field && choice === "other") this.awaitCaret(conflict);
      };
      (field?.closest("td") ?? option).append(conflictGroup(conflict, Boolean(field), choose));
    }
  }
}
