// What a reviewer must know of the copy before her, and of what she gave that is not settled.
import { make } from "../../workbook/dom.js";
import { conflictOf } from "./conflict.js";

export class Notices {
  constructor(session, leave) {
    this.session = session;
    this.leave = leave; // where the focus goes when what held it is settled
    this.node = make("div", { class: "course-notices" });
  }

  draw() {
    const { session } = this;
    const { copy, chosen, ledger } = session;
    const notices = [];
    if (chosen?.waiting) notices.push(make("p", {}, chosen.waiting));
    if (session.keepable) {
      const keep = make("button", { type: "button", "aria-keyshortcuts": "G", onclick: () => session.keep() }, "Ma note reste la bonne ", make("kbd", { "aria-hidden": "true" }, "G"));
      const told = "La copie a changé depuis votre note\u00a0: relisez-la, l’ancienne version est à gauche. La note ne compte plus avant que vous la gardiez ou en donniez une autre.";
      const lost = "La copie a changé depuis votre note\u00a0: relisez-la. Ses mots d’avant ne sont plus là.";
      notices.push(make("p", {}, copy.former ? told : lost), make("div", { class: "course-row" }, keep));
    }
    if (copy?.ungraded) notices.push(make("p", {}, "La complétude est celle de la version d’avant, jusqu’à la prochaine correction automatique («\u202fcourse grade\u202f»)."));
    if (copy?.uneven) notices.push(make("p", {}, "Les membres de ce groupe n’ont pas tous la même note. Celle que vous donnez ici ira à tous."));
    if (copy && copy.elsewhere !== null) {
      notices.push(make("p", {}, "Cette note vient de formgrader, sans les niveaux. Si vous donnez un niveau ici, elle laisse la place aux six niveaux."));
    }
    for (const gift of ledger.disputed) notices.push(this.dispute(gift));
    const drawn = [copy?.key, ...notices.map((node) => node.textContent)].join("\n");
    if (drawn === this.drawn) return; // the focus may be in them
    this.drawn = drawn;
    const held = this.node.contains(document.activeElement);
    this.node.replaceChildren(...notices);
    if (held) this.leave();
  }

  dispute(gift) {
    const { session } = this;
    const { ledger, copy, chosen } = session;
    if (gift.gone) {
      const forget = make("button", { type: "button", onclick: () => ledger.drop(gift.copy) }, "Oublier cette note");
      const text = `La note donnée ici à la copie ${gift.number} (${gift.objective}) n’a pas pu être enregistrée. ${gift.gone}`;
      return make("div", {}, make("p", {}, text), ...(gift.comment ? [make("blockquote", {}, gift.comment)] : []), make("div", { class: "course-row" }, forget));
    }
    if (gift.copy === copy?.key) {
      return conflictOf(session.bench, copy, gift, { mine: () => ledger.keepMine(gift.copy), theirs: () => ledger.drop(gift.copy) });
    }
    const there = gift.objective === chosen?.objective.id ? () => session.open(gift.copy) : () => session.choose(gift.objective, gift.copy);
    const text = `Deux personnes ont noté la copie ${gift.number} (${gift.objective}) en même temps\u00a0: choisissez quelle note garder.`;
    return make("div", {}, make("p", {}, text), make("div", { class: "course-row" }, make("button", { type: "button", onclick: there }, `Voir la copie ${gift.number}`)));
  }
}
