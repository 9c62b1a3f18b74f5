// One canvas on paper: the words alone.
import { detailsOf, isWritten, NAMES } from "./columns.js";
import { make } from "../dom.js";

const EMPTY = "Rien n’est encore écrit.";

function strategyRows({ strategy, actions = [] }) {
  const full = actions.filter(isWritten);
  const rows = (full.length ? full : [{}]).map((action) => {
    const details = detailsOf(action).map(([label, text]) => make("p", {}, make("b", {}, `${label}\u00a0: `), text));
    return make("tr", {}, make("td", {}, make("p", {}, action.action ?? ""), ...details));
  });
  rows[0].prepend(make("td", { rowspan: rows.length }, strategy ?? ""));
  return rows;
}

/** The canvas of a view. */
export function sheet({ canvas, session }) {
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
