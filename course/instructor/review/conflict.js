// Two reviewers marked the same copy: shows both marks, with a button to keep either.
import { hour, make } from "../../workbook/dom.js";
import { french, verdict } from "./criteria.js";
import { LEVELS } from "./facts.js";

export function conflictOf(bench, copy, draft, { mine, theirs }) {
  const { reviewer, at } = draft.other;
  const time = at ? ` à ${hour(new Date(at))}` : "";
  const author = reviewer ? ` (${reviewer}${time})` : "";
  return make(
    "div",
    { class: "course-question", role: "group", "aria-label": "Deux notes" },
    make("p", {}, make("b", {}, "Quelqu’un d’autre a noté cette copie en même temps que vous. Laquelle des deux notes garder\u202f?")),
    make("div", { class: "course-both" }, ...[["La vôtre", draft], [`L’autre${author}`, draft.other]].map(([title, marks]) => sideOf(bench, copy, title, marks))),
    make(
      "div",
      { class: "course-row" },
      make("button", { type: "button", onclick: mine }, "Garder la mienne"),
      make("button", { type: "button", onclick: theirs }, "Garder l’autre"),
    ),
  );
}

function sideOf(bench, copy, title, { levels, comment, elsewhere = null }) {
  const { sum } = verdict(bench, { ...copy, elsewhere }, levels);
  const byCriterion = levels.map((level, rank) => `Q${rank + 1} ${LEVELS[level] ?? "—"}`).join(", ");
  const quality = elsewhere !== null && levels.every((level) => level === null) ? `qualité ${french(elsewhere)} sur ${bench.points.quality}` : byCriterion;
  return make(
    "div",
    {},
    make("p", {}, make("b", {}, `${title}\u00a0: ${sum}`)),
    make("p", {}, quality),
    ...(comment ? [make("blockquote", {}, comment)] : []),
  );
}
