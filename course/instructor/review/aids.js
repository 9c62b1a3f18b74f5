// Three tabs beside the copy: the situation of the canvas, the model answers of each option, and the plan of the team.
import { make } from "../../workbook/dom.js";

const NARROW = 560; // px, as in bench.css
const TABS = ["Situation", "Corrigés", "Plan"];

export class Aids {
  constructor(name) {
    this.shown = 0;
    this.panels = TABS.map((_, rank) => make("div", { id: `${name}-panel-${rank}`, role: "tabpanel", tabindex: "0", class: "course-panel", "aria-labelledby": `${name}-tab-${rank}` }));
    this.tabs = TABS.map((text, rank) =>
      make("button", { type: "button", id: `${name}-tab-${rank}`, role: "tab", "aria-controls": `${name}-panel-${rank}`, onclick: () => this.show(rank) }, text),
    );
    const list = make("div", { role: "tablist", "aria-label": "Repères", class: "course-tabs", onkeydown: (event) => this.key(event) }, ...this.tabs);
    this.node = make("details", { class: "course-aids", open: "" }, make("summary", {}, "Repères\u00a0: situation, corrigés, plan"), list, ...this.panels);
    this.show(0);
  }

  // On a narrow page the aids start collapsed, so that the copy comes first.
  fit(width) {
    if (width && width < NARROW) this.node.open = false;
  }

  draw({ situation, models }) {
    this.panels[0].innerHTML = situation; // the course's own text, rendered and escaped by course/instructor/review/aids.py
    this.panels[1].replaceChildren(...modelsOf(models));
    for (const panel of this.panels) panel.scrollTop = 0;
  }

  drawPlan(lines, objective) {
    this.panels[2].replaceChildren(...planOf(lines, objective));
    this.panels[2].scrollTop = 0;
  }

  show(rank) {
    this.shown = rank;
    this.tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", index === rank);
      tab.tabIndex = index === rank ? 0 : -1;
      this.panels[index].hidden = index !== rank;
    });
  }

  toggle() {
    this.node.open = true;
    this.show((this.shown + 1) % TABS.length);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.show((this.shown + step + TABS.length) % TABS.length);
    this.tabs[this.shown].focus();
  }
}

// The team's plan, in its order; the actions of this canvas are in bold.
function planOf(lines, objective) {
  if (!lines?.length) return [make("p", {}, "Aucune action n’est encore choisie dans le plan de cette copie.")];
  const items = lines.map(({ option, objective: own, action, details }) =>
    make("li", {}, make(own === objective ? "b" : "span", {}, `${option}\u00a0: ${action}`), make("p", { class: "course-pilot" }, details.map(([label, text]) => `${label}\u00a0: ${text}`).join(" · "))),
  );
  return [make("p", {}, make("em", {}, "Le plan se lit, et ne se note pas.")), make("ol", {}, ...items)];
}

function modelsOf({ text, shown }) {
  if (!shown) return [make("p", {}, text)];
  const counter = shown.counter ? [make("details", {}, make("summary", {}, shown.counter.title), ...counterOf(shown.counter))] : [];
  return [make("p", {}, make("em", {}, text)), ...shown.options.flatMap(modelOf), ...counter];
}

function modelOf({ id, label, answers }) {
  const none = answers.length ? [] : [make("p", {}, "Pas de corrigé.")];
  return [make("h3", {}, `${id} ${label}`), ...none, ...answers.map(answerOf)];
}

function answerOf({ variant, strategy, actions, notes }) {
  const more = (details) => make("p", { class: "course-pilot" }, details.map(([label, text]) => `${label}\u00a0: ${text}`).join(" · "));
  const items = actions.map(({ action, details }) => make("li", {}, action, ...(details.length ? [more(details)] : [])));
  return make(
    "div",
    { class: "course-model" },
    make("p", {}, make("b", {}, `Corrigé ${variant}\u00a0: `), strategy),
    make("ol", {}, ...items),
    ...notes.map(([label, text]) => make("p", { class: "course-pilot" }, make("b", {}, `${label}\u00a0: `), text)),
  );
}

function counterOf({ answers, total, points, verdict }) {
  const rows = answers.map(({ option, strategy, action }) => make("li", {}, `${option}\u00a0: ${strategy} — ${action}`));
  const marks = points.map((value, rank) => `Q${rank + 1} ${value}`).join(", ");
  return [make("ul", {}, ...rows), make("p", {}, make("b", {}, `${total} sur 14\u00a0: `), `${marks}. ${verdict}`)];
}
