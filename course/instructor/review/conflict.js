// Two people gave one copy a mark: both are shown, and one click keeps either.
import { make } from "../../workbook/dom.js";
import { french, verdict } from "./criteria.js";
import { LEVELS } from "./facts.js";

export function conflictOf(bench, copy, gift, { mine, theirs }) {
  const { reviewer, at } = gift.other;
  const time = at ? ` à ${new Date(at).toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit" })}` : "";
  const who = reviewer ? ` (${reviewer}${time})` : "";
  return make(
    "div",
    { class: "course-question", role: "group", "aria-label": "Deux notes" },
    make("p", {}, make("b", {}, "Quelqu’un d’autre a noté cette copie en même temps que vous. Laquelle des deux notes garder\u202f?")),
    make("div", { class: "course-both" }, ...[["La vôtre", gift], [`L’autre${who}`, gift.other]].map(([title, marks]) => sideOf(bench, copy, title, marks))),
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
  const given = levels.map((level, rank) => `Q${rank + 1} ${LEVELS[level] ?? "—"}`).join(", ");
  const words = elsewhere !== null && levels.every((level) => level === null) ? `qualité ${french(elsewhere)} sur ${bench.points.quality}` : given;
  return make(
    "div",
    {},
    make("p", {}, make("b", {}, `${title}\u00a0: ${sum}`)),
    make("p", {}, words),
    ...(comment ? [make("blockquote", {}, comment)] : []),
  );
}
