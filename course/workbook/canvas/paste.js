// A clipboard read into lines: a text from Word with its bullets, a list, or a block of cells from a spreadsheet.
import { FIELDS } from "./columns.js";
import { LAYOUT } from "./facts.js";

const SIGNS = LAYOUT.signs;
const TABBED = `[${LAYOUT.letters}${LAYOUT.arrows}]\\uFE0F?`; // marks of a list only before a tab
const BULLET = new RegExp(`^\\s*(?:[${SIGNS}]\\uFE0F?|[-–—](?=\\s)|o(?=\\s{2,})|${TABBED}(?=\\t))\\s*`);
const SPACES = new RegExp(LAYOUT.spaces, "g");
const INVISIBLE = new RegExp(`${LAYOUT.invisible}|\\p{Surrogate}`, "gu");
const QUOTES = LAYOUT.quotes.map(([pattern, quote]) => ({ pattern: new RegExp(pattern, "g"), quote }));

/** A pasted text as somebody would have typed it. */
export function cleaned(text) {
  const clean = text
    .replace(/\r\n?|\u2028|\u2029|\v/g, "\n")
    .split("\n")
    .map((line) => line.replace(BULLET, "").replace(INVISIBLE, "").replace(SPACES, " ").trim())
    .filter((line, index, lines) => line || (index && index < lines.length - 1 && lines[index - 1]))
    .join("\n");
  return QUOTES.reduce((quoted, { pattern, quote }) => quoted.replace(pattern, quote), clean).trim();
}

/**
 * What to do with a text pasted in a field: `{text}` goes in at the caret; `{lines, left}` has a line for each row of a
 * block, {option, and a text for each column that it fills}, and in `left` the texts that have no column or option here:
 * {text, the number of the line that it is of or -1, and the option where it alone is known}.
 *
 * A heading row says what its columns are; without one, columns that name goals, objectives or options are known by
 * their words, and the others begin at the field.
 */
export function pasted(text, canvas, option, field) {
  const { rows, quoted } = rowsOf(text);
  const head = headOf(rows);
  const list = head ? null : listOf(rows);
  const block = head ? rows.slice(head.row + 1) : (list?.rows ?? rows);
  const isBlock = head || (quoted && block.length > 1) || block.some((row) => row.filter((cell) => cell.trim()).length > 1);
  const isList = list && list.rows.length > 1 && (field === "action" || (field === "strategy" && list.numbered));
  if (!isBlock && !isList) return { text: cleaned(block.length === 1 ? block[0].join(" ") : text) };
  const kinds = head?.kinds ?? kindsOf(block, canvas, field);
  const titles = (head ? rows.slice(0, head.row) : []).map((row) => row.map(cleaned).filter(Boolean).join(", "));
  const left = titles.filter(Boolean).map((title) => ({ text: title, line: -1 }));
  return { lines: linesOf(block, kinds, head?.names, canvas, option, left), left };
}

// ---- cells

const CELL = /"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|$)|[^\t\r\n]*/y;

/** The rows of a text that are not empty. Spreadsheets put cells with a line break or a tab in quotation marks. */
function rowsOf(text) {
  const rows = /** @type {string[][]} */ ([[]]);
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    CELL.lastIndex = at;
    const [raw, inside] = /** @type {RegExpExecArray} */ (CELL.exec(text));
    const isQuoted = inside !== undefined && /[\t\r\n]|""/.test(inside);
    quoted ||= isQuoted;
    rows.at(-1)?.push(isQuoted ? inside.replaceAll('""', '"') : raw);
    at += raw.length;
    if (text[at] === "\t") continue;
    rows.push([]);
    if (text.startsWith("\r\n", at)) at++;
  }
  return { rows: rows.filter((row) => row.some((cell) => cell.trim())), quoted };
}

// ---- lists

const SIGN = new RegExp(`^(?:[${SIGNS}]\\uFE0F?|${TABBED})$`);
const STEP = /^(?:étape|phase|point|axe|volet)\s(?:n°\s?)?\d{1,2}\s?[.:)–-]?$/i;
const NUMBER = /^(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxl]{1,6})(?:[.)°]|[.)°]?\s?[-–—])\)?|\d{1,3}(?:\.\d{1,3})*)$/i;
const SPACED = new RegExp(`^\\s*([${SIGNS}]|[-–—]|\\(?(?:\\d{1,2}[.)]|[a-z]\\)))[ \\u00A0]+(?=\\S)`, "i");

const isNumber = (mark) => NUMBER.test(mark) || STEP.test(mark);
const isMark = (mark) => SIGN.test(mark) || isNumber(mark);

/**
 * The items of a list without their marks, or null. Word writes a tab after each mark, people and other programs a
 * space; a line without a mark goes on with the item above it.
 */
function listOf(rows) {
  const marks = /** @type {string[]} */ ([]);
  const items = /** @type {string[][]} */ ([]);
  for (const row of rows) {
    const begin = row.findIndex((cell) => cell.trim());
    const isNested = begin < row.length - 1 && isMark(row[begin].trim()); // Word indents a list in a list by tabs
    const [first, ...rest] = isNested ? row.slice(begin) : row;
    const spaced = row.length === 1 && SPACED.exec(first);
    const mark = spaced ? spaced[1] : first.trim();
    if (spaced) items.push([first.slice(spaced[0].length)]);
    else if (rest.some((cell) => cell.trim()) && (!mark || isMark(mark))) items.push(rest);
    else if (rest.length) return null;
    else if (items.length && marks.length) items[items.length - 1].push(`${items.at(-1)?.pop()}\n${first}`);
    else items.push([first]);
    if (mark && (spaced || rest.length)) marks.push(mark);
  }
  const numbered = marks.every(isNumber);
  const counts = numbered && marks.every((mark, rank) => !rank || follows(marks[rank - 1], mark));
  const isSure = marks.length > 1 || (marks.length && rows.some((row) => row.length > 1));
  const isBare = marks.some((mark) => /\d$/.test(mark));
  const hasNumbers = marks.some((mark) => isNumber(mark) && !SIGN.test(mark));
  if (!isSure || (isBare && !(counts && marks.length > 1)) || (hasNumbers && !counts && rows.every((row) => row.length < 2))) return null;
  return { rows: items, numbered };
}

/** True for a mark that follows another: `2.` after `1.`, `b)` after `a)`. */
function follows(before, mark) {
  const [one, two] = [before, mark].map((text) => text.toLowerCase().match(/[a-z]+|\d+/g)?.at(-1) ?? "");
  const step = /\d/.test(two) ? Number(two) - Number(one) : two.charCodeAt(0) - one.charCodeAt(0);
  return step === 1 || /^[ivxl]+$/.test(one + two);
}

// ---- columns

const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const HEADS = Object.fromEntries(Object.entries(LAYOUT.headings).map(([kind, words]) => [kind, new RegExp(`^(?:${words})$`)]));

const kindOf = (name) => Object.keys(HEADS).find((kind) => HEADS[kind].test(name)) ?? "";

// The kind of a longer name, as « Indicateur de suivi » or « Actions à mener », beside others that are known.
function looseKindOf(name) {
  const words = name.split(" ");
  return kindOf(name) || (words.length < 6 ? kindOf(words[0]) : "");
}

/**
 * The heading among the first rows: its row, the kind of each column and its name; null without one. It has two words
 * that are headings and nothing else, and no text as people write in a field.
 */
function headOf(rows) {
  for (const [row, cells] of rows.slice(0, 3).entries()) {
    const names = cells.map((cell) => cell.trim());
    const plains = names.map((name) => plain(name.replace(/\([^)]*\)/g, "")));
    const sure = new Set(plains.map(kindOf).filter(Boolean));
    const isText = names.some((name, column) => /[.;!?]$|\n.*\n/.test(name) || plains[column].split(" ").length > 5);
    if (sure.size > 1 && !isText) return { row, names, kinds: plains.map(looseKindOf) };
  }
  return null;
}

const GOAL = /^(?:but\s*(?:n°\s*)?)?\d$|^but\s*(?:n°\s*)?\d\b/i;
const OBJECTIVE = /^(?:obj(?:ectif|\.)\s*(?:n°\s*)?(\d\.\d)\b|(\d\.\d)$)/i;
const OPTION = /^\d\.\d\.[a-z]\b/i;

/** The columns of a block without heading. */
function kindsOf(rows, canvas, field) {
  const width = Math.max(...rows.map((row) => row.findLastIndex((cell) => cell.trim()) + 1));
  const places = /** @type {string[]} */ ([]);
  const isPlace = (kind, column) => {
    const cells = rows.map((row) => (row[column] ?? "").trim()).filter(Boolean);
    if (kind === "option") return Boolean(cells[0]) && Boolean(optionOf(cells[0], canvas) || OPTION.test(cells[0]));
    return cells.length && cells.every((cell) => (kind === "goal" ? GOAL : OBJECTIVE).test(cell));
  };
  for (const kind of ["goal", "objective", "option"]) if (isPlace(kind, places.length)) places.push(kind);
  const texts = width - places.length;
  const isWhole = texts === FIELDS.length || (places.length && texts > 1);
  return [...places, ...FIELDS.slice(isWhole ? 0 : FIELDS.indexOf(field))];
}

/** The option that a cell names, by number or by label; under a heading, by its letter too. */
function optionOf(cell, { options }, hasHeading = false) {
  const words = plain(cell);
  const named = ({ id, label }) => cell.toLowerCase().startsWith(id) || words === plain(label);
  return options.find(named) ?? options.find(({ id }) => hasHeading && words === id.at(-1));
}

function linesOf(rows, kinds, names, canvas, here, left) {
  const lines = /** @type {Record<string, string>[]} */ ([]);
  let option = here;
  let objective = canvas.id;
  let named = ""; // the cell that says where the line belongs, or the one above it
  const without = { number: NUMBER, goal: GOAL };
  for (const row of rows) {
    const cells = row.map(cleaned);
    if (names && cells.every((cell, column) => !cell || plain(cell) === plain(names[column] ?? ""))) continue; // the heading again
    const found = /** @type {Record<string, string>[]} */ ([{}]);
    const rest = /** @type {{text: string, line: number}[]} */ ([]); // what has no column
    const leave = (column, cell) => rest.push({ text: names?.[column] ? `${names[column]}\u00a0: ${cell}` : cell, line: lines.length + found.length - 1 });
    for (const [column, cell] of cells.entries()) {
      const kind = kinds[column];
      const [, ...numbers] = (kind === "objective" && OBJECTIVE.exec(cell)) || [];
      const isTitle = kind === "objective" && plain(cell) === plain(canvas.title);
      if (!cell || without[kind]?.test(cell)) continue;
      if (kind === "mark" || (kind === "label" && optionOf(cell, canvas))) continue; // of a document of the course
      if (numbers.length || isTitle) [objective, named] = [numbers.find(Boolean) ?? canvas.id, cell];
      else if (kind === "option") {
        const one = optionOf(cell, canvas, Boolean(names));
        [option, named] = [one?.id, cell];
        const more = one ? plain(cell.slice(cell.toLowerCase().startsWith(one.id) ? one.id.length : cell.length)) : "";
        if (more && !more.startsWith(plain(one.label)) && !plain(one.label).startsWith(more)) leave(column, cell);
      } else if (FIELDS.includes(kind) && !found[0][kind]) found[0][kind] = cell;
      else if (kind === "action") found.push({ action: cell });
      else leave(column, cell);
    }
    const isHere = option && (objective === canvas.id || kinds.includes("option"));
    const isLine = Object.keys(found[0]).length > 0;
    if (isHere && isLine) {
      lines.push(...found.map((line) => ({ option, ...line })));
      left.push(...rest);
    } else if (isHere) {
      const above = lines.at(-1)?.option === option; // cells that a spreadsheet had merged go on below
      left.push(...rest.map(({ text }) => (above ? { text, line: lines.length - 1 } : { text, line: -1, option })));
    } else if (isLine || rest.length) {
      const texts = [named, ...found.flatMap(Object.values), ...rest.map(({ text }) => text)];
      left.push({ text: texts.filter(Boolean).join("\u00a0; "), line: -1 });
    }
  }
  return lines;
}
