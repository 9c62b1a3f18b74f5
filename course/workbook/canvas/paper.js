// The canvases on paper: the words alone, with who wrote them and when, on A4. A print that nobody prepared (Ctrl+P, the
// browser's menu) is of the whole goal whose page is in view.
import { detailsOf, isWritten, NAMES } from "./columns.js";
import { make } from "../dom.js";

const EMPTY = "Rien n’est encore écrit.";

/** The views of canvases that are on the page. */
export const papers = () => (globalThis.coursePapers ??= new Set());

const byObjective = (one, other) => one.canvas.id.localeCompare(other.canvas.id, "fr", { numeric: true });

// A page may be kept behind another one.
function goalInView() {
  const all = [...papers()];
  const shown = all.find(({ root }) => root.getClientRects().length);
  return shown ? all.filter(({ canvas }) => canvas.id[0] === shown.canvas.id[0]).sort(byObjective) : [];
}

function strategyRows({ strategy, actions = [] }) {
  const full = actions.filter(isWritten);
  const rows = (full.length ? full : [{}]).map((action) => {
    const details = detailsOf(action).map(([label, text]) => make("p", {}, make("b", {}, `${label}\u00a0: `), text));
    return make("tr", {}, make("td", {}, make("p", {}, action.action ?? ""), ...details));
  });
  rows[0].prepend(make("td", { rowspan: rows.length }, strategy ?? ""));
  return rows;
}

function sheet({ canvas, session }) {
  const tree = session.tree();
  const bodies = canvas.options.map(({ id, label }) => {
    const strategies = (tree[id] ?? []).filter(({ strategy, actions }) => strategy || (actions ?? []).some(isWritten));
    const head = make("tr", {}, make("th", { colspan: 2, scope: "rowgroup" }, make("b", {}, id), ` ${label}`));
    const rows = strategies.length ? strategies.flatMap(strategyRows) : [make("tr", {}, make("td", { colspan: 2 }, EMPTY))];
    return make("tbody", {}, head, ...rows);
  });
  const heads = ["strategy", "action"].map((field) => make("th", { scope: "col" }, NAMES[field]));
  return make(
    "section",
    {},
    make("h2", {}, `Canevas ${canvas.id}\u00a0: ${canvas.title}`),
    make("table", {}, make("thead", {}, make("tr", {}, ...heads)), ...bodies),
  );
}

function lay(views) {
  lift();
  if (!views.length) return;
  const now = new Date();
  const date = now.toLocaleDateString("fr", { day: "numeric", month: "long", year: "numeric" });
  const time = now.toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit" });
  const [{ canvas, session }] = views;
  const paper = make(
    "main",
    { class: "course-paper", lang: "fr", "data-goal": canvas.id[0] },
    make("p", { class: "course-paper-head" }, make("b", {}, session.state.owner ?? ""), make("span", {}, `Imprimé le ${date} à ${time}`)),
    ...views.map(sheet),
  );
  document.body.append(paper);
  document.body.classList.add("course-on-paper");
}

function lift() {
  document.body.classList.remove("course-on-paper");
  for (const old of document.querySelectorAll(".course-paper")) old.remove();
}

let chosen = /** @type {any[] | null} */ (null);
addEventListener("beforeprint", () => lay(chosen ?? goalInView()));
addEventListener("afterprint", lift);
addEventListener("course:print", (event) => {
  if (!goalInView().length) return;
  event.preventDefault(); // whoever asks for a print need not print as well
  printPapers(goalInView());
});

/** Prints some canvases. */
export function printPapers(views) {
  chosen = views;
  print();
  chosen = null;
}
