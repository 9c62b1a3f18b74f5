// Questions under a text that is vague or very short; they block nothing and are never counted.
import { VAGUE } from "./facts.js";

const words = (text) => text.trim().split(/\s+/).filter(Boolean);
const bare = (word) => word.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
// Verbs in the infinitive, and nouns that say an act, which good French plans use as well: « Tenue d’une revue ».
const ACT = /(?:er|ir|oir|re|tion|sion|ment|age|ance|ence|ure|ise|ue|vi|at|port|choix|bilan|achat)s?$/;

/** A question about a text of a column, or an empty text. */
export function hint(field, text) {
  const typed = words(text);
  if (!typed.length) return "";
  const verb = bare(typed[0].replace(/^[ldns]['’]/i, ""));
  if (VAGUE.includes(verb) && typed.length < 7) return `«\u202f${typed[0]}\u202f»\u00a0: que ferez-vous, au juste\u202f?`;
  if (field === "action") {
    if (typed.length < 4) return "Très court\u00a0: qui fait quoi, et quand\u202f?";
    if (!typed.slice(0, 4).some((word) => ACT.test(bare(word)))) return "On ne voit pas encore la tâche\u00a0: que fera-t-on\u202f?";
  } else if (typed.length < 4) return "Très court\u00a0: comment votre équipe s’y prendra-t-elle\u202f?";
  return "";
}
