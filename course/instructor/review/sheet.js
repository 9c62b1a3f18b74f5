// One copy as a table of plain texts, with a note on texts that other copies or model answers share.
import { make } from "../../workbook/dom.js";

const NAMED = 6; // copies named in a note; the others are counted

// « la copie 12 », « les copies 4 et 12 », « les copies 1, 2, 3, 4, 5, 6 et 7 autres ».
export function copiesNamed(numbers) {
  if (numbers.length === 1) return `la copie ${numbers[0]}`;
  const shown = numbers.slice(0, NAMED + 1 < numbers.length ? NAMED : undefined);
  const others = numbers.length - shown.length;
  const last = others ? `${others} autres` : shown.pop();
  return `les copies ${shown.join(", ")} et ${last}`;
}

// A copy that changed since its mark: the marked answers and the current ones side by side, option by option.
function changeOf({ number, former, problem, options }, objective) {
  const titles = ["Ce qui a été noté", "Ce qui est remis maintenant"];
  const sides = [former, { problem, options }];
  const ids = new Set(sides.flatMap((side) => side.options.map(({ id }) => id)));
  const body = (id) => {
    const versions = sides.map((side) => side.options.find((option) => option.id === id));
    const [before, now] = versions.map(rowsIn);
    const head = [make("b", {}, id), ` ${(versions[0] ?? versions[1]).label}\u00a0: ${before === now ? "inchangé" : "changé"}`];
    const cells = versions.map((option, side) => make("td", { "data-label": titles[side], "data-changed": before !== now }, ...listOf(option)));
    return make("tbody", {}, make("tr", {}, make("th", { scope: "rowgroup", colspan: "2" }, ...head)), make("tr", {}, ...cells));
  };
  return [
    ...sides.flatMap((side, rank) => (side.problem ? [make("p", { class: "course-warning" }, `${titles[rank]}\u00a0: ${side.problem}`)] : [])),
    make(
      "table",
      { class: "course-sheet" },
      make("caption", { class: "course-unseen" }, `Copie ${number}, canevas ${objective}, avant et maintenant`),
      make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)))),
      ...[...ids].map(body),
    ),
  ];
}

const lineOf = ({ text, pilot }) => [text, ...pilot.map(([label, value]) => `${label}\u00a0: ${value}`)].join(" · ");
const rowsIn = (option) => JSON.stringify((option?.strategies ?? []).map(({ text, actions }) => [text, actions.map(lineOf)]));

function listOf(option) {
  if (!option?.strategies.length) return [make("p", { class: "course-nothing" }, "Rien d’écrit")];
  return option.strategies.flatMap(({ text, actions }) => [
    make("p", { class: "course-words" }, text || "—"),
    ...(actions.length ? [make("ul", {}, ...actions.map((action) => make("li", { class: "course-words" }, lineOf(action))))] : []),
  ]);
}

export function sheetOf(copy, objective) {
  const { number, problem, same, options, former, changed } = copy;
  if (changed && former) return changeOf(copy, objective);
  if (problem) return [make("p", { class: "course-warning" }, problem)];
  const identical = same.length
    ? [make("p", { class: "course-twin" }, `Même canevas, mot pour mot, dans ${copiesNamed(same)}.`)]
    : [];
  const heads = ["Stratégie", "Action"].map((name) => make("th", { scope: "col" }, name));
  return [
    ...identical,
    make(
      "table",
      { class: "course-sheet" },
      make("caption", { class: "course-unseen" }, `Copie ${number}, canevas ${objective}`),
      make("thead", {}, make("tr", {}, ...heads)),
      ...options.map((option) => bodyOf(option, same.length > 0)),
    ),
  ];
}

function bodyOf({ id, label, strategies }, identical) {
  const head = make("th", { scope: "rowgroup", colspan: "2" }, make("b", {}, id), ` ${label}`);
  const none = { text: "", copies: [], actions: [] };
  const rows = (strategies.length ? strategies : [none]).flatMap((row) => rowsOf(row, identical));
  return make("tbody", {}, make("tr", {}, head), ...rows);
}

function rowsOf(row, identical) {
  const actions = row.actions.length ? row.actions : [{ text: "", copies: [], pilot: [] }];
  const strategy = make("td", { rowspan: String(actions.length), "data-label": "Stratégie" }, ...textOf(row, identical));
  return actions.map((action, rank) => {
    const pilot = action.pilot.map(([label, value]) => make("p", { class: "course-pilot" }, make("b", {}, `${label}\u00a0: `), value));
    const cell = make("td", { "data-label": "Action" }, ...textOf(action, identical), ...pilot);
    return make("tr", {}, ...(rank ? [] : [strategy]), cell);
  });
}

// A text with its notes; where whole copies are identical, one note above the table replaces those of the texts.
function textOf({ text, copies, model }, identical) {
  const shown = text.trim() ? make("p", { class: "course-words" }, text) : make("p", { class: "course-nothing" }, "Rien d’écrit");
  const notes = [];
  if (copies.length && !identical) notes.push(`Ce texte est aussi dans ${copiesNamed(copies)}.`);
  if (model) notes.push("Ce texte est celui d’un corrigé.");
  return [shown, ...notes.map((note) => make("p", { class: "course-twin" }, note))];
}
