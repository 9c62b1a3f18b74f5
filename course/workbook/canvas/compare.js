// « Comparer avec deux corrigés »: model answers, a counter-example and a grid to judge oneself by. All of it is asked
// of the kernel when it is wanted, and what is ticked in the grid goes nowhere: not to the file, not into the mark.
import { detailsOf, isWritten } from "./columns.js";
import { make } from "../dom.js";
import { worth, written } from "./criteria.js";
import { RUBRIC } from "./facts.js";

const ASK = "Comparer avec deux corrigés";
const CLOSE = "Fermer les corrigés";
const PATIENCE = 10000; // ms; after that the canvas says that the kernel does not answer

export class Comparison {
  constructor(canvas, session) {
    this.canvas = canvas;
    this.session = session;
    this.asked = false;
    this.own = new Map(); // option -> where the person's own text stands
    this.button = make("button", { type: "button", "aria-expanded": "false", onclick: () => this.toggle() }, ASK);
    this.button.hidden = !canvas.comparable;
    this.status = make("div", { class: "course-asked", role: "status" });
    this.panel = make("div", { class: "course-compared" });
    this.node = make("div", {}, this.status, this.panel);
  }

  // ---- asking

  toggle() {
    if (this.panel.firstChild) return this.close();
    this.ask(false);
  }

  ask(sure) {
    this.session.flush(); // what was just typed counts as an attempt
    this.asked = true;
    this.status.replaceChildren("Les corrigés arrivent…");
    this.session.send({ kind: "compare", sure });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(make("p", {}, "Les corrigés n’arrivent pas\u00a0: redemandez-les dans un instant.")), PATIENCE);
  }

  close() {
    this.panel.replaceChildren();
    this.say();
    this.button.focus();
  }

  say(...nodes) {
    this.status.replaceChildren(...nodes);
    const open = Boolean(this.panel.firstChild);
    this.button.textContent = open ? CLOSE : ASK;
    this.button.setAttribute("aria-expanded", open);
  }

  /** The kernel's answer. Another window on the same kernel hears it too, without having asked. */
  hear({ client, text, first, shown }) {
    if (!this.asked || client !== this.session.client) return;
    this.asked = false;
    clearTimeout(this.timer);
    if (first) return this.tryFirst(text);
    if (!shown) return this.say(make("p", {}, text));
    this.show(text, shown);
  }

  tryFirst(text) {
    const wait = make("button", { type: "button", onclick: () => this.close() }, "J’essaie d’abord");
    const see = make("button", { type: "button", onclick: () => this.ask(true) }, "Voir les corrigés quand même");
    this.say(make("p", {}, text), make("div", { class: "course-row" }, wait, see));
    wait.focus();
  }

  // ---- showing

  show(advice, { options, counter, names }) {
    const title = make("h3", { tabindex: "-1" }, `Votre plan, à côté de deux corrigés\u00a0: canevas ${this.canvas.id}`);
    this.panel.replaceChildren(
      title,
      make("p", { class: "course-advice" }, advice),
      ...options.map((option) => this.pair(option)),
      ...(counter ? this.counter(counter) : []),
      ...this.grid(names),
      make("button", { type: "button", onclick: () => this.close() }, "Fermer, et revenir au canevas"),
    );
    this.update();
    this.say();
    title.focus();
  }

  pair({ id, label, answers }) {
    const own = make("div", { class: "course-own" });
    this.own.set(id, own);
    const none = answers.length ? [] : [make("p", {}, "Pas de corrigé pour cette option.")];
    return make(
      "section",
      { class: "course-pair", "aria-label": `Option ${id}` },
      make("h4", {}, make("b", {}, id), ` ${label}`),
      own,
      ...none,
      ...answers.map((answer) => this.answer(answer)),
    );
  }

  answer({ variant, strategy, actions, notes }) {
    return make(
      "div",
      { class: "course-model" },
      make("h5", {}, `Corrigé ${variant}`),
      make("p", {}, make("b", {}, strategy)),
      make("ol", {}, ...actions.map(({ action, details }) => this.action(action, details))),
      ...notes.map(([label, text]) => this.line(label, text)),
    );
  }

  action(text, details) {
    const list = details.flatMap(([label, detail]) => [make("dt", {}, label), make("dd", {}, detail)]);
    return make("li", {}, make("p", {}, text), ...(list.length ? [make("dl", {}, ...list)] : []));
  }

  /** Shows the person's own text as it is now; it can be written on while the model answers are open. */
  update() {
    if (!this.panel.firstChild) return;
    const tree = this.session.tree();
    for (const [option, node] of this.own) {
      const strategies = (tree[option] ?? []).filter(({ strategy, actions }) => strategy || (actions ?? []).some(isWritten));
      const texts = strategies.flatMap(({ strategy, actions }) => [
        make("p", {}, make("b", {}, strategy || "…")),
        make("ol", {}, ...(actions ?? []).filter(isWritten).map((action) => this.action(action.action || "…", detailsOf(action)))),
      ]);
      const none = make("p", { class: "course-none" }, "Rien encore.");
      node.replaceChildren(make("h5", {}, "Votre texte"), ...(texts.length ? texts : [none]));
    }
  }

  line(label, text) {
    return make("p", { class: "course-why" }, make("b", {}, `${label}\u00a0: `), text);
  }

  counter({ title, answers, points, total, verdict }) {
    const rows = answers.map(({ option, strategy, action }) => make("li", {}, `${option}\u00a0: ${strategy} — ${action}`));
    const marks = points.map((value, rank) => `Q${rank + 1} ${value}`).join(", ");
    return [
      make("h4", {}, title),
      make(
        "details",
        {},
        make("summary", {}, "Lire le contre-exemple, et ce qu’en dit la grille"),
        make("ul", {}, ...rows),
        this.line(`${total} sur 14`, `${marks}.`),
        make("p", {}, verdict),
      ),
    ];
  }

  // ---- the grid: kept by the session, so that running the cell again does not empty it; lost with the page

  grid(names) {
    const levels = (this.session.grid ??= new Map()); // rank of a criterion -> its level
    const sum = make("p", { role: "status" });
    const add = () => {
      const total = [...levels].reduce((all, [rank, level]) => all + (RUBRIC[rank].points * level) / 2, 0);
      const most = RUBRIC.reduce((all, { points }) => all + points, 0);
      const left = RUBRIC.length - levels.size;
      const wait = left ? ` Il reste ${left} critère${left > 1 ? "s" : ""}.` : "";
      sum.textContent = levels.size ? `Pour vous\u00a0: ${written(total)} sur ${most}.${wait}` : "";
    };
    add();
    return [
      make("h4", {}, "Et votre canevas, que vaut-il selon vous\u202f?"),
      make("p", {}, "Cette grille n’est que pour vous. Elle n’est pas enregistrée et ne compte jamais dans la note."),
      ...RUBRIC.map((criterion, rank) => this.criterion(criterion, rank, names, levels, add)),
      sum,
    ];
  }

  criterion({ title, points, levels: texts }, rank, names, levels, add) {
    const name = `course-${Math.random()}`; // two views of a canvas must not share a choice
    const choice = (text, level) => {
      const choose = () => {
        levels.set(rank, level);
        add();
      };
      const radio = make("input", { type: "radio", name, onchange: choose });
      radio.checked = levels.get(rank) === level;
      return make("label", {}, radio, make("span", {}, make("b", {}, `${names[level]} (${written((points * level) / 2)})`), `\u00a0: ${text}`));
    };
    return make("fieldset", { class: "course-criterion" }, make("legend", {}, `Q${rank + 1}. ${title} (${worth(points)})`), ...texts.map(choice));
  }
}
