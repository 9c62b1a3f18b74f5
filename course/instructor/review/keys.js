// The keys of the bench: letters in the same position on French and English keyboards, and the digit keys, which a
// French keyboard types only with Shift. They act only inside the bench, and never in a text field.
import { make } from "../../workbook/dom.js";
import { LEVELS } from "./facts.js";

const ACTIONS = { KeyJ: "zero", KeyK: "half", KeyL: "full", KeyN: "next", KeyP: "previous", KeyX: "skip", KeyC: "comment", KeyT: "aids", KeyG: "keep" };
const LEVEL_KEYS = ["zero", "half", "full"];
const WRITING = 'textarea, select, input:not([type="checkbox"], [type="radio"])';

// The action of a key: « next », « half »…; undefined when the key is not one of the bench.
export function actionOf({ code, key, ctrlKey, altKey, metaKey, target }) {
  if (ctrlKey || altKey || metaKey || target.closest?.(WRITING)) return undefined;
  const digit = /^Digit([0-2])$/.exec(code)?.[1] ?? (/^Numpad[0-2]$/.test(code) && /^[0-2]$/.test(key) ? key : undefined);
  if (digit !== undefined) return LEVEL_KEYS[digit];
  // The letter itself on a keyboard of Latin letters, else the position of the key.
  return ACTIONS[/^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : code];
}

export const levelOf = (action) => LEVEL_KEYS.indexOf(action);

/** @type {[string[], string][]} The keys of each action, with its French label. */
const HELP = [
  [["J", "0"], LEVELS[0]],
  [["K", "1"], LEVELS[1]],
  [["L", "2"], LEVELS[2]],
  [["↑", "↓"], "autre critère"],
  [["C"], "commentaire"],
  [["N"], "suivante"],
  [["P"], "précédente"],
  [["X"], "passer"],
  [["T"], "situation ou corrigés"],
  [["G"], "garder la note d’une copie qui a changé"],
];

export function keysHelp() {
  return HELP.map(([keys, text]) => {
    const symbols = keys.flatMap((key, rank) => [...(rank ? [" ou "] : []), make("kbd", {}, key)]);
    return make("li", {}, ...symbols, ` ${text}`);
  });
}
