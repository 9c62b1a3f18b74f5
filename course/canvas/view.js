// What a person sees and touches of one canvas: the table, its buttons, its status. What is typed lives in the session.
import { Caret } from "./caret.js";
import { make } from "./dom.js";
import { sessionOf } from "./session.js";

const COLUMNS = { strategy: "Stratégie", action: "Action" };
const MOST = 20; // rows of a kind, as the format allows
const LONGEST = 4000; // characters of a text

class View {
  constructor(canvas, session) {
    this.canvas = canvas;
    this.session = session;
    this.bodies = new Map(); // option id -> its <tbody>
    this.fields = new Map(); // "row field" -> its <textarea>
    this.status = make("p", { class: "course-status", role: "status" });
    this.clock = make("span", { class: "course-clock" });
    this.report = make("div", { class: "course-report", role: "status" });
    this.notice = make("div", { class: "course-warning", role: "status" });
    this.conflicts = make("div", { class: "course-conflicts" });
    this.table = make("table", {}, make("caption", {}, `Canevas ${canvas.id} : ${canvas.title}`), this.head());
    for (const option of canvas.options) {
      const body = make("tbody", { "data-option": option.id });
      this.bodies.set(option.id, body);
      this.table.append(body);
    }
    const check = make("button", { type: "button", class: "course-check", onclick: () => this.check() }, "Vérifier");
    this.root = make(
      "section",
      { class: "course-canvas", lang: "fr", "aria-label": `Canevas ${canvas.id} : ${canvas.title}` },
      this.notice,
      this.table,
      this.conflicts,
      make("div", { class: "course-foot" }, check, make("div", { class: "course-say" }, this.status, this.clock)),
      this.report,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.caret = new Caret(this);
    this.drawAll();
    this.say();
  }

  head() {
    const names = ["Option", "Stratégie", "Action"].map((name) => make("th", { scope: "col" }, name));
    return make("thead", {}, make("tr", {}, ...names));
  }

  // ---- drawing

  drawAll() {
    const tree = this.session.tree();
    for (const option of this.canvas.options) this.draw(option, tree[option.id] ?? []);
    this.shape = this.shapeOf(tree);
    this.drawConflicts();
    this.caret.comeBack();
  }

  draw(option, strategies) {
    const shown = strategies.length ? strategies : [{ id: this.session.blank(option.id.replaceAll(".", "-"), []) }];
    const chains = shown.map((strategy) => {
      const actions = strategy.actions?.length ? strategy.actions : [{ id: this.session.blank(strategy.id, []) }];
      return { strategy, actions };
    });
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
    const name = `Stratégie ${rank + 1}`;
    const of = `option ${option.id} : ${option.label}`;
    const cell = make("td", { rowspan: actions.length, "data-label": "Stratégie" });
    cell.append(this.field(place, "strategy", strategy.strategy, `${name}, ${of}`));
    if (total > 1) cell.append(this.remover(place, `Supprimer la ${name.toLowerCase()}, ${of}`));
    return actions.map((action, index) => {
      const where = { row: action.id, option: option.id, parent: strategy.id };
      const label = `Action ${index + 1} de la ${name.toLowerCase()}, ${of}`;
      const last = make("td", { "data-label": "Action" }, this.field(where, "action", action.action, label));
      if (actions.length > 1) last.append(this.remover(where, `Supprimer l’${label[0].toLowerCase()}${label.slice(1)}`));
      if (index === actions.length - 1) last.append(this.adder(option, strategy, actions, name));
      return make("tr", {}, ...(index ? [last] : [cell, last]));
    });
  }

  adder(option, strategy, actions, name) {
    const button = this.button("+ Action", `Ajouter une action à la ${name.toLowerCase()}, option ${option.id}`, () => {
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

  field(place, name, text, label) {
    const area = make("textarea", { rows: 2, maxlength: LONGEST, "aria-label": label, placeholder: COLUMNS[name] });
    area.value = text ?? "";
    area.place = place;
    area.field = name;
    area.addEventListener("input", () => {
      this.session.set(place, name, area.value);
      this.caret.remember(area);
      this.fit(area);
    });
    area.addEventListener("blur", () => this.session.flush());
    this.fields.set(`${place.row} ${name}`, area);
    return area;
  }

  // Browsers without `field-sizing` need the height to be set by hand.
  fit(area) {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  // ---- rows

  // A row that was only shown becomes one of the file before a second one joins it.
  settle(option, parent = "") {
    const rows = this.session.home(this.session.tree(), { option, parent });
    if (rows.length) return;
    const first = [...this.fields.values()].find(({ place }) => place.option === option && place.parent === parent);
    this.session.change({ kind: "add", ...first.place });
  }

  remove(place) {
    this.session.remove(place);
    const undo = make("button", { type: "button", onclick: () => this.bringBack(place) }, "Annuler");
    this.report.replaceChildren(place.parent ? "Action supprimée. " : "Stratégie supprimée. ", undo);
    undo.focus();
  }

  bringBack(place) {
    this.session.restore(place.row);
    this.report.replaceChildren();
    this.focusOn(place.row, place.parent ? "action" : "strategy");
  }

  fieldOf(row, field) {
    return this.fields.get(`${row} ${field}`);
  }

  focusOn(row, field) {
    this.fieldOf(row, field)?.focus();
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      this.session.flush();
    }
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    event.stopPropagation();
  }

  // ---- what the session tells

  hear(kind, message) {
    if (kind === "checked") return this.showCheck(message);
    if (kind !== "sending" && kind !== "late") this.update();
    this.say();
  }

  update() {
    const tree = this.session.tree();
    const shape = this.shapeOf(tree);
    if (shape !== this.shape) return this.drawAll();
    for (const option of this.canvas.options) {
      for (const strategy of tree[option.id] ?? []) {
        this.refresh(strategy, "strategy");
        for (const action of strategy.actions ?? []) this.refresh(action, "action");
      }
    }
    this.drawConflicts();
  }

  refresh(row, name) {
    const area = this.fieldOf(row.id, name);
    const text = row[name] ?? "";
    if (area && area.value !== text) {
      area.value = text;
      this.fit(area);
    }
  }

  // The rows there are. One that is shown empty has the id it will have in the file, so typing in it changes nothing.
  shapeOf(tree) {
    return this.canvas.options
      .map(({ id }) => {
        const rows = tree[id] ?? [];
        const strategies = rows.length ? rows : [{ id: this.session.blank(id.replaceAll(".", "-"), []) }];
        return strategies.map((row) => {
          const actions = row.actions?.length ? row.actions.map((a) => a.id) : [this.session.blank(row.id, [])];
          return `${row.id}(${actions})`;
        });
      })
      .join(";");
  }

  // ---- conflicts

  drawConflicts() {
    const names = JSON.stringify(this.session.state.conflicts);
    if (names === this.conflictsShown) return;
    this.conflictsShown = names;
    this.conflicts.replaceChildren(...this.session.state.conflicts.map((conflict) => this.conflict(conflict)));
  }

  conflict(conflict) {
    const choose = (choice) => () => {
      this.session.resolve(conflict, choice);
      this.focusOn(conflict.row, conflict.field);
    };
    const name = `${COLUMNS[conflict.field] ?? "Texte"}, option ${conflict.option}`;
    return make(
      "div",
      { class: "course-conflict", role: "group", "aria-label": `Deux textes : ${name}` },
      make("p", {}, make("b", {}, `${name} : deux textes. `), "Une autre fenêtre ou une autre personne avait écrit :"),
      make("blockquote", {}, conflict.text),
      make("button", { type: "button", onclick: choose("shown") }, "Garder le texte affiché"),
      make("button", { type: "button", onclick: choose("other") }, "Reprendre cet autre texte"),
    );
  }

  // ---- status and check

  say() {
    const { session } = this;
    this.drawNotice();
    const waiting = session.pending.length > 0;
    let [level, text] = ["calm", "Prêt : ce que vous écrivez s’enregistre tout seul."];
    if (waiting && !session.kept) {
      [level, text] = ["alarm", "Pas encore enregistré, et ce navigateur ne peut rien garder : ne fermez pas cette page."];
    } else if (waiting && session.trouble) {
      [level, text] = ["alarm", `Non enregistré. ${session.trouble} Votre texte est gardé dans ce navigateur.`];
    } else if (waiting && session.late) {
      [level, text] = ["alarm", "Pas encore enregistré : gardé dans ce navigateur, nouvel essai en cours."];
    } else if (waiting) text = "Enregistrement…";
    else if (session.savedAt) text = "Enregistré";
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.level = level;
    const time = session.savedAt?.toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit" });
    this.clock.textContent = !waiting && time && level === "calm" ? `à ${time}` : "";
  }

  drawNotice() {
    const { notice } = this.session;
    if (!notice) return this.notice.replaceChildren();
    if (this.notice.firstChild?.textContent === notice) return;
    const read = () => {
      this.session.notice = "";
      this.drawNotice();
    };
    this.notice.replaceChildren(make("p", {}, notice), make("button", { type: "button", onclick: read }, "J’ai compris"));
  }

  check() {
    this.session.flush();
    this.report.replaceChildren("Vérification…");
    this.session.send({ kind: "check" });
  }

  showCheck({ text, options }) {
    const list = options.map((line) => make("li", {}, line));
    this.report.replaceChildren(make("p", {}, make("b", {}, text)), make("ul", {}, ...list));
  }
}

export default {
  initialize({ model }) {
    const session = sessionOf(model.get("canvas").id, model.get("state"));
    return session.attach(model);
  },
  render({ model, el }) {
    const canvas = model.get("canvas");
    const session = sessionOf(canvas.id, model.get("state"));
    const view = new View(canvas, session);
    const listener = (kind, message) => view.hear(kind, message);
    session.listeners.add(listener);
    el.append(view.root);
    // Connected only once the host has put `el` on the page.
    requestAnimationFrame(() => view.caret.comeBack());
    return () => {
      session.listeners.delete(listener);
      view.caret.standIn();
    };
  },
};
