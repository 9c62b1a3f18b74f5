// The menu of objectives, each with its number of copies left to review.
import { make } from "../../workbook/dom.js";

export class Menu {
  constructor(id, session) {
    this.session = session;
    this.node = make("select", { id, onchange: () => session.choose(this.node.value) });
    this.options = new Map();
    for (const goal of session.bench.goals) {
      const group = make("optgroup", { label: `But ${goal.id}\u00a0: ${goal.title}` });
      for (const objective of goal.objectives) {
        this.options.set(objective, make("option", { value: objective.id }));
        group.append(this.options.get(objective));
      }
      this.node.append(group);
    }
    this.draw();
  }

  draw() {
    for (const [objective, option] of this.options) {
      const text = `${objective.id} ${objective.title}${this.left(objective.id)}`;
      if (option.textContent !== text) option.textContent = text; // writing it would close an open menu
    }
    if (this.session.chosen) this.node.value = this.session.chosen.objective.id;
  }

  left(id) {
    const [left, all] = this.session.counts[id] ?? [];
    if (all === undefined) return "";
    if (!all) return " — pas de copie";
    return left ? ` — ${left} à noter` : " — tout est noté";
  }
}
