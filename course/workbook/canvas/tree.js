// The rows of a canvas as a page shows them: those of the file, with the edits that are not yet acknowledged made to them.

/** The strategies of each option; `undo` has, by row, what a removal took away. */
export function treeOf(options, edits, undo) {
  const tree = structuredClone(options);
  for (const edit of edits) perform(tree, edit, undo);
  return tree;
}

function perform(tree, edit, undo) {
  const home = homeOf(tree, edit);
  const index = home.findIndex((row) => row.id === edit.row);
  if (edit.kind === "remove" && index >= 0) home.splice(index, 1);
  if (edit.kind === "restore" && index < 0 && undo.has(edit.row)) {
    const { index: place, row } = undo.get(edit.row);
    home.splice(place, 0, structuredClone(row));
  }
  if (edit.kind !== "add" && edit.kind !== "set") return;
  if (index < 0) home.push(edit.parent ? { id: edit.row } : { id: edit.row, strategy: "", actions: [] });
  if (edit.kind === "set") home.at(index)[edit.field] = edit.value;
}

/** The list that a row is in, or would be: an option's strategies, or the actions of the parent. */
export function homeOf(tree, { option, parent }) {
  const strategies = (tree[option] ??= []);
  if (!parent) return strategies;
  let strategy = strategies.find((row) => row.id === parent);
  if (!strategy) strategies.push((strategy = { id: parent, strategy: "", actions: [] }));
  return (strategy.actions ??= []);
}

/** The writers of the texts that a page shows of a row: "id field" -> [the client that wrote that text, the number of its edit]. */
export function writersIn(shown, { state, pending }) {
  const seen = {};
  const ids = [shown, ...(shown.actions ?? [])].map(({ id }) => id);
  for (const id of ids) {
    for (const [field, [, client, number]] of Object.entries(state.versions[id] ?? {})) seen[`${id} ${field}`] = [client, number];
  }
  // What is still to come is shown as well, also that of an earlier page.
  for (const { kind, row, field, client, number } of pending) {
    if (kind === "set" && ids.includes(row)) seen[`${row} ${field}`] = [client, number];
  }
  return seen;
}
