// Texts that another writer's text, or a removal, put out of sight: each is shown where it is in question, until somebody
// chooses.
import { NAMES } from "./columns.js";
import { make } from "../dom.js";

const REPLACED = {
  intro: "Une autre fenêtre, ou une autre personne, avait écrit\u00a0:",
  shown: "Garder le texte affiché",
  other: "Reprendre cet autre texte",
};
const REMOVED = {
  intro: "Cette ligne a été supprimée pendant qu’une autre fenêtre, ou une autre personne, y écrivait\u00a0:",
  shown: "La laisser supprimée",
  other: "Remettre cette ligne",
};

/** The group of one conflict; `stands` says whether its row is there, `choose` is told `shown` or `other`. */
export function conflictGroup({ field, option, text }, stands, choose, name = NAMES[field]) {
  const texts = stands ? REPLACED : REMOVED;
  const button = (choice) => make("button", { type: "button", onclick: () => choose(choice) }, texts[choice]);
  return make(
    "div",
    { class: "course-conflict", role: "group", "aria-label": `Deux textes\u00a0: ${name}, option ${option}` },
    make("p", {}, texts.intro),
    make("blockquote", {}, text),
    button("shown"),
    button("other"),
  );
}
