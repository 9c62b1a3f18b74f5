// Notices on the copy on the page, and on drafts that need a decision by the reviewer.
import { make } from "../../workbook/dom.js";
import { conflictOf } from "./conflict.js";

export class Notices {
  constructor(session, leave) {
    this.session = session;
    this.leave = leave; // moves the focus away when the notice that had it is gone
    this.node = make("div", { class: "course-notices" });
  }

  draw() {
    const { session } = this;
    const { copy, chosen, ledger } = session;
    const notices = [];
    if (chosen?.waiting) notices.push(make("p", {}, chosen.waiting));
    if (session.keepable) {
      const keep = make("button", { type: "button", "aria-keyshortcuts": "G", onclick: () => session.keep() }, "Ma note reste la bonne ", make("kbd", { "aria-hidden": "true" }, "G"));
      const sideBySide = "La copie a changé depuis votre note\u00a0: relisez-la, l’ancienne version est à gauche. La note ne compte plus avant que vous la gardiez ou en donniez une autre.";
      const formerLost = "La copie a changé depuis votre note\u00a0: relisez-la. Ses mots d’avant ne sont plus là.";
      notices.push(make("p", {}, copy.former ? sideBySide : formerLost), make("div", { class: "course-row" }, keep));
    }
    if (copy?.ungraded) notices.push(make("p", {}, `La complétude est celle de la version d’avant, jusqu’à la prochaine correction automatique\u00a0: ${session.bench.gradeBy}.`));
    if (copy?.uneven) notices.push(make("p", {}, "Les membres de ce groupe n’ont pas tous la même note. Celle que vous donnez ici ira à tous."));
    if (copy && copy.elsewhere !== null) {
      notices.push(make("p", {}, "Cette note vient de formgrader, sans les niveaux. Si vous donnez un niveau ici, elle laisse la place aux six niveaux."));
    }
    for (const draft of ledger.disputed) notices.push(this.dispute(draft));
    const drawn = [copy?.key, ...notices.map((node) => node.textContent)].join("\n");
    if (drawn === this.drawn) return; // redrawing would lose a focus in the notices
    this.drawn = drawn;
    const focused = this.node.contains(document.activeElement);
    this.node.replaceChildren(...notices);
    if (focused) this.leave();
  }

  dispute(draft) {
    const { session } = this;
    const { ledger, copy, chosen } = session;
    if (draft.gone) {
      const forget = make("button", { type: "button", onclick: () => ledger.drop(draft.copy) }, "Oublier cette note");
      const text = `La note donnée ici à la copie ${draft.number} (${draft.objective}) n’a pas pu être enregistrée. ${draft.gone}`;
      return make("div", {}, make("p", {}, text), ...(draft.comment ? [make("blockquote", {}, draft.comment)] : []), make("div", { class: "course-row" }, forget));
    }
    if (draft.copy === copy?.key) {
      return conflictOf(session.bench, copy, draft, { mine: () => ledger.keepMine(draft.copy), theirs: () => ledger.drop(draft.copy) });
    }
    const there = draft.objective === chosen?.objective.id ? () => session.open(draft.copy) : () => session.choose(draft.objective, draft.copy);
    const text = `Deux personnes ont noté la copie ${draft.number} (${draft.objective}) en même temps\u00a0: choisissez quelle note garder.`;
    return make("div", {}, make("p", {}, text), make("div", { class: "course-row" }, make("button", { type: "button", onclick: there }, `Voir la copie ${draft.number}`)));
  }
}
