// Gentle questions under a text: never in the way, never counted.
import { VAGUE } from "./facts.js";

const words = (text) => text.trim().split(/\s+/).filter(Boolean);
const bare = (word) => word.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
// Verbs in the infinitive, and nouns that say an act, which good French plans use as well: « Tenue d’une revue ».
const ACT = /(?:er|ir|oir|re|tion|sion|ment|age|ance|ence|ure|ise|ue|vi|at|port|choix|bilan|achat)s?$/;

/** A question about a text of a column, or an empty text. */
export function hint(field, text) {
  const found = words(text);
  if (!found.length) return "";
  const verb = bare(found[0].replace(/^[ldns]['’]/i, ""));
  if (VAGUE.includes(verb) && found.length < 7) return `« ${found[0]} » : que ferez-vous, au juste ?`;
  if (field === "action") {
    if (found.length < 4) return "Très court : qui fait quoi, et quand ?";
    if (!found.slice(0, 4).some((word) => ACT.test(bare(word)))) return "On ne voit pas encore la tâche : que fera-t-on ?";
  } else if (found.length < 4) return "Très court : comment votre équipe s’y prendra-t-elle ?";
  return "";
}
