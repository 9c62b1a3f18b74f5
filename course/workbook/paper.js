// What is on the page, on paper: the words alone, with who wrote them and when, on A4. A print that nobody prepared (Ctrl+P,
// the browser's menu) is of all that belongs with what is in view: the canvases of a goal, or the plan.
import { make, moment } from "./dom.js";

/**
 * @typedef {object} Paper what a view has printed of itself
 * @property {string} group what is printed together: a goal's number, or « plan »
 * @property {string} rank its place among those
 * @property {() => string} owner whose words they are
 * @property {() => HTMLElement} sheet the words
 * @property {boolean} [lying] whether the sheets lie on their long side
 */

const LYING = "@media print { @page { size: A4 landscape; margin: 10mm 10mm 14mm; } }"; // of named pages browsers lose the size

/** The views that are on the page, each with its `root` and its `paper`. */
export const papers = () => (globalThis.coursePapers ??= new Set());

const byRank = (one, other) => one.paper.rank.localeCompare(other.paper.rank, "fr", { numeric: true });

// A page may be kept behind another one.
function groupInView() {
  const all = [...papers()];
  const shown = all.find(({ root }) => root.getClientRects().length);
  return shown ? all.filter(({ paper }) => paper.group === shown.paper.group).sort(byRank) : [];
}

function lay(views) {
  lift();
  if (!views.length) return;
  const [{ paper: first }] = views;
  const node = make(
    "main",
    { class: "course-paper", lang: "fr", "data-goal": first.group },
    make("p", { class: "course-paper-head" }, make("b", {}, first.owner()), make("span", {}, `Imprimé le ${moment(new Date())}`)),
    ...views.map(({ paper }) => paper.sheet()),
    first.lying ? make("style", {}, LYING) : "",
  );
  document.body.append(node);
  document.body.classList.add("course-on-paper");
}

function lift() {
  document.body.classList.remove("course-on-paper");
  for (const old of document.querySelectorAll(".course-paper")) old.remove();
}

// Several widgets bring this module: one of them listens.
const press = (globalThis.coursePress ??= { chosen: /** @type {any[] | null} */ (null), listens: false });
if (!press.listens) {
  press.listens = true;
  addEventListener("beforeprint", () => lay(press.chosen ?? groupInView()));
  addEventListener("afterprint", lift);
  addEventListener("course:print", (event) => {
    if (!groupInView().length) return;
    event.preventDefault(); // whoever asks for a print need not print as well
    printPapers(groupInView());
  });
}

/** Prints some views. */
export function printPapers(views) {
  press.chosen = views;
  print();
  press.chosen = null;
}
