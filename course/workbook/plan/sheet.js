// The plan on paper: a table on A4, lying.
import { make } from "../dom.js";
import { CURRENCY, LABELS, OPTIONS, PRINCIPLES, VERDICTS } from "./facts.js";
import { chosenOf, grouped, shownOf } from "./rows.js";

const HEADS = ["N°", "Option, stratégie", "Action", "Responsable, partenaires", "T1", "T2", "T3", "T4", "Coût, financement", "Indicateur, base, cible", "Vérification, fréquence", "Principes"];
const EMPTY = "Aucune action n’est encore dans le plan.";

const texts = (line, ...fields) => fields.map((field) => shownOf(line, field)).filter(Boolean).map((text) => make("p", {}, text));
const labelled = (line, ...fields) => fields.filter((field) => shownOf(line, field)).map((field) => make("p", {}, make("b", {}, `${LABELS[field]}\u00a0: `), shownOf(line, field)));

function row(line, index) {
  const cost = shownOf(line, "cost");
  const principles = PRINCIPLES.filter(({ id }) => shownOf(line, id)).map(({ id, title }) => {
    const reason = shownOf(line, `${id}_reason`);
    return make("p", {}, make("b", {}, `${title}\u00a0: `), VERDICTS[shownOf(line, id)], reason ? `. ${reason}` : "");
  });
  const quarters = ["t1", "t2", "t3", "t4"].map((field) => make("td", { class: "course-tick" }, shownOf(line, field) === "1" ? "×" : ""));
  return make(
    "tr",
    {},
    make("td", {}, String(index + 1)),
    make("td", {}, make("p", {}, make("b", {}, line.option), ` ${OPTIONS[line.option] ?? ""}`), make("p", {}, line.strategy), ...labelled(line, "origin")),
    make("th", { scope: "row" }, line.action),
    make("td", {}, ...texts(line, "responsible", "partners")),
    ...quarters,
    make("td", {}, ...(cost ? [make("p", {}, `${grouped(cost)}\u00a0${CURRENCY}`)] : []), ...texts(line, "funding")),
    make("td", {}, ...texts(line, "indicator"), ...labelled(line, "baseline", "target")),
    make("td", {}, ...texts(line, "verification", "frequency")),
    make("td", {}, ...principles),
  );
}

export function sheet(lines) {
  const chosen = chosenOf(lines);
  const rows = chosen.length ? chosen.map(row) : [make("tr", {}, make("td", { colspan: HEADS.length }, EMPTY))];
  const heads = HEADS.map((text) => make("th", { scope: "col" }, text));
  return make("section", { class: "course-plan-sheet" }, make("h2", {}, "Mon plan"), make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
}
