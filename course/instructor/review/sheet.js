// One copy as a table: its texts as text, and a quiet sign where the same words stand elsewhere.
import { make } from "../../workbook/dom.js";

const NAMED = 6; // copies named in a sign; the others are counted

// « la copie 12 », « les copies 4 et 12 », « les copies 1, 2, 3, 4, 5, 6 et 7 autres ».
export function copiesNamed(numbers) {
  if (numbers.length === 1) return `la copie ${numbers[0]}`;
  const shown = numbers.slice(0, NAMED + 1 < numbers.length ? NAMED : undefined);
  const others = numbers.length - shown.length;
  const last = others ? `${others} autres` : shown.pop();
  return `les copies ${shown.join(", ")} et ${last}`;
}

export function sheetOf({ number, problem, same, options }, objective) {
  if (problem) return [make("p", { class: "course-warning" }, problem)];
  const whole = same.length
    ? [make("p", { class: "course-twin" }, `Même canevas, mot pour mot, dans ${copiesNamed(same)}.`)]
    : [];
  const heads = ["Stratégie", "Action"].map((name) => make("th", { scope: "col" }, name));
  return [
    ...whole,
    make(
      "table",
      { class: "course-sheet" },
      make("caption", { class: "course-unseen" }, `Copie ${number}, canevas ${objective}`),
      make("thead", {}, make("tr", {}, ...heads)),
      ...options.map((option) => bodyOf(option, same.length > 0)),
    ),
  ];
}

function bodyOf({ id, label, strategies }, quiet) {
  const head = make("th", { scope: "rowgroup", colspan: "2" }, make("b", {}, id), ` ${label}`);
  const none = { text: "", copies: [], actions: [] };
  const rows = (strategies.length ? strategies : [none]).flatMap((row) => rowsOf(row, quiet));
  return make("tbody", {}, make("tr", {}, head), ...rows);
}

function rowsOf(row, quiet) {
  const actions = row.actions.length ? row.actions : [{ text: "", copies: [], pilot: [] }];
  const strategy = make("td", { rowspan: String(actions.length), "data-label": "Stratégie" }, ...written(row, quiet));
  return actions.map((action, rank) => {
    const pilot = action.pilot.map(([label, value]) => make("p", { class: "course-pilot" }, make("b", {}, `${label}\u00a0: `), value));
    const cell = make("td", { "data-label": "Action" }, ...written(action, quiet), ...pilot);
    return make("tr", {}, ...(rank ? [] : [strategy]), cell);
  });
}

function written({ text, copies, model }, quiet) {
  const shown = text.trim() ? make("p", { class: "course-words" }, text) : make("p", { class: "course-nothing" }, "Rien d’écrit");
  const signs = [];
  if (copies.length && !quiet) signs.push(`Ce texte est aussi dans ${copiesNamed(copies)}.`);
  if (model) signs.push("Ce texte est celui d’un corrigé.");
  return [shown, ...signs.map((sign) => make("p", { class: "course-twin" }, sign))];
}
