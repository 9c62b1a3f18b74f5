// The plan as a page shows it, from what the file says, what was typed since, and the canvases. Pure: no page, no kernel.

const LAST = 2e9; // the greatest rank, as the format has it
const STEP = 1024; // between two ranks: an action moves without its neighbours

/** @typedef {{row: string, objective: string, option: string, parent: string, strategy: string, action: string, due: string, proposed: Record<string, string>}} Source an action of a canvas */
/** @typedef {{option: string, parent: string, fields: Record<string, string>}} Entry what was written of one */
/** @typedef {Source & {fields: Record<string, string>, change: "" | "changed" | "removed" | "unknown", before: {strategy: string, action: string}, chosen: boolean, order: number}} Line */

/**
 * The entries with the edits that are not yet acknowledged made to them.
 * @returns {Record<string, Entry>}
 */
export function entriesOf(entries, edits) {
  const result = structuredClone(entries);
  for (const { kind, row, option, parent, field, value } of edits) {
    if (kind !== "set") continue;
    result[row] ??= { option, parent, fields: {} };
    result[row].fields[field] = value;
  }
  return result;
}

const tidy = (text) => text.normalize("NFC").split(/\s+/u).filter(Boolean).join(" ");
const objectiveOf = (row) => row.slice(0, 3).replace("-", ".");

/**
 * Each action with what was written of it: those of the canvases in their order, then those that were removed.
 * @param {Source[]} sources
 * @param {Record<string, Entry>} entries
 * @param {Record<string, string>} unreadable the canvases that cannot be read
 * @returns {Line[]}
 */
export function linesOf(sources, entries, unreadable) {
  const present = new Set(sources.map(({ row }) => row));
  const lines = sources.map((source) => lineOf(source, entries[source.row]?.fields ?? {}, ""));
  for (const [row, { option, parent, fields }] of Object.entries(entries)) {
    if (present.has(row) || !Object.entries(fields).some(([name, text]) => text && !name.startsWith("seen_"))) continue;
    const objective = objectiveOf(row);
    const texts = { strategy: fields.seen_strategy ?? "", action: fields.seen_action ?? "" };
    const source = { row, objective, option, parent, ...texts, due: "", proposed: {} };
    const fate = objective in unreadable ? "unknown" : "removed";
    lines.push(lineOf(source, fields, fields.origin ? "" : fate)); // of another workbook's canvas
  }
  return lines;
}

/** @returns {Line} */
function lineOf(source, fields, fate) {
  const before = { strategy: fields.seen_strategy ?? source.strategy, action: fields.seen_action ?? source.action };
  const isSame = tidy(before.strategy) === tidy(source.strategy) && tidy(before.action) === tidy(source.action);
  return { ...source, fields, change: fate || (isSame ? "" : "changed"), before, chosen: fields.chosen === "1", order: Number(fields.order ?? 0) };
}

/** What a field shows: what was written, else what the canvas proposes. */
export const shownOf = (line, field) => line.fields[field] ?? line.proposed[field] ?? "";

/** The actions that were chosen, by rank. */
export const chosenOf = (lines) => lines.filter(({ chosen }) => chosen).sort((one, other) => (one.order || LAST) - (other.order || LAST));

/** The edits, as [line, field, value], that put an action into the plan, as its last one, or take it out. */
export function choice(lines, line, isChosen) {
  const last = Math.max(0, ...chosenOf(lines).map(({ order }) => order));
  const ranked = isChosen ? [[line, "order", String(Math.min(last + STEP, LAST))]] : [];
  return [...firstSeen(line), [line, "chosen", isChosen ? "1" : ""], ...ranked];
}

/** The edits that say what the canvas says now was looked at. */
export const seen = (line) => ["strategy", "action"].filter((name) => line.fields[`seen_${name}`] !== line[name]).map((name) => [line, `seen_${name}`, line[name]]);

/** Those of an action of which nothing was written yet: what it says then is what it is later compared with. */
export const firstSeen = (line) => (line.fields.seen_action === undefined ? seen(line) : []);

/** The edits that put the actions in an order; those whose rank stays right are left alone. */
export function arranged(order) {
  const edits = [];
  let last = 0;
  order.forEach((line, index) => {
    const next = order.slice(index + 1).find(({ order: rank }) => rank > last);
    if (line.order > last) {
      last = line.order;
      return;
    }
    last = next && next.order - last > 1 ? last + Math.ceil((next.order - last) / 2) : last + STEP;
    edits.push([line, "order", String(last)]);
  });
  return edits;
}

/** The order in which one action stands at another place, 0 for the first. */
export function moved(chosen, line, place) {
  const rest = chosen.filter(({ row }) => row !== line.row);
  rest.splice(Math.max(0, Math.min(place, rest.length)), 0, line);
  return rest;
}

const level = (line, field) => Number(shownOf(line, field)) || 0;
/** How early an action should come: much impact, urgent, little effort. */
export const priority = (line) => level(line, "impact") + level(line, "urgency") - level(line, "effort");
export const byPriority = (chosen) => [...chosen].sort((one, other) => priority(other) - priority(one));

/** A cost as it is saved: digits alone; as typed where it is none. */
export const digits = (text) => {
  const bare = text.replaceAll(/\s/gu, "");
  return /^\d{1,3}(\.\d{3})+$/.test(bare) ? bare.replaceAll(".", "") : /^\d*$/.test(bare) ? bare : text;
};
/** A cost as French writes it. */
export const grouped = (text) => (/^\d+$/.test(text) ? Number(text).toLocaleString("fr") : text);
