// The keys of the bench: letters that have one place on French and English keyboards, and digits, which a French one
// has above the letters without Shift being held. They act only inside the bench, and never where somebody writes.
import { make } from "../../workbook/dom.js";
import { LEVELS } from "./facts.js";

const DEEDS = { KeyJ: "zero", KeyK: "half", KeyL: "full", KeyN: "next", KeyP: "previous", KeyX: "skip", KeyC: "comment", KeyT: "aids", KeyG: "keep" };
const LEVEL_KEYS = ["zero", "half", "full"];
const WRITING = 'textarea, select, input:not([type="checkbox"], [type="radio"])';

// What a key asks for: « next », « half »…; undefined when it is none of the bench's.
export function deedOf({ code, key, ctrlKey, altKey, metaKey, target }) {
  if (ctrlKey || altKey || metaKey || target.closest?.(WRITING)) return undefined;
  const digit = /^Digit([0-2])$/.exec(code)?.[1] ?? (/^Numpad[0-2]$/.test(code) && /^[0-2]$/.test(key) ? key : undefined);
  if (digit !== undefined) return LEVEL_KEYS[digit];
  // The letter itself, where the keyboard writes such letters; else its place.
  return DEEDS[/^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : code];
}

export const levelOf = (deed) => LEVEL_KEYS.indexOf(deed);

/** @type {[string[], string][]} The keys of each deed. */
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
    const signs = keys.flatMap((key, rank) => [...(rank ? [" ou "] : []), make("kbd", {}, key)]);
    return make("li", {}, ...signs, ` ${text}`);
  });
}
