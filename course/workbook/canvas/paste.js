// What comes out of a clipboard: from Word a text with its bullets, from Excel a block of cells.

const BULLET = /^\s*(?:[•◦▪‣∙·●○■□➢➤✓\uF0B7\uF0A7*]|[-–—](?=\s)|o(?=\t|\s{2,}))\s*/;
const SPACES = /[\t\u00A0\u2007\u202F\u2000-\u200A\u3000 ]+/g;
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/g;

/** A pasted text as somebody would have typed it. */
export function cleaned(text) {
  return text
    .replace(/\r\n?|\u2028|\u2029|\v/g, "\n")
    .split("\n")
    .map((line) => line.replace(BULLET, "").replace(INVISIBLE, "").replace(SPACES, " ").trim())
    .filter((line, index, lines) => line || (index && index < lines.length - 1 && lines[index - 1]))
    .join("\n")
    .replace(/[“„]\s?/g, "« ")
    .replace(/\s?”/g, " »")
    .replace(/[‘‛`´]/g, "’")
    .trim();
}

/** The cells of a block copied from a spreadsheet, or null for what is no such block. */
export function cellsOf(text) {
  if (!text.includes("\t")) return null;
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    const cells = rows[rows.length - 1];
    if (quoted) {
      if (letter !== '"') cells[cells.length - 1] += letter;
      else if (text[i + 1] === '"') cells[cells.length - 1] += text[++i];
      else quoted = false;
    } else if (letter === '"' && cells.at(-1) === "") quoted = true;
    else if (letter === "\t") cells.push("");
    else if (letter === "\n") rows.push([""]);
    else if (letter !== "\r") cells[cells.length - 1] += letter;
  }
  const full = rows.map((cells) => cells.map(cleaned)).filter((cells) => cells.some(Boolean));
  // A list with tabs after its bullets has one column of text.
  return full.some((cells) => cells.filter(Boolean).length > 1) ? full : null;
}

const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/**
 * Where each line of a block goes: [{option, strategy, action}].
 *
 * A first column that names options, by number or by label, says the option, and an empty cell there goes on with the
 * one above; without it all lines are for the option that the paste was made in.
 */
export function linesOf(cells, options, here) {
  const named = (text) => {
    const words = plain(text);
    return words ? options.find(({ id, label }) => text.startsWith(id) || words === plain(label)) : undefined;
  };
  const hasOptions = cells.some(([first]) => named(first));
  let option = options.find(({ id }) => id === here);
  const lines = [];
  for (const row of cells) {
    const [first, ...rest] = row;
    if (hasOptions && !named(first) && first) continue; // the head of the table
    if (hasOptions) option = named(first) ?? option;
    const [strategy = "", action = ""] = hasOptions ? rest : row;
    if (strategy || action) lines.push({ option: option.id, strategy, action });
  }
  return lines;
}
