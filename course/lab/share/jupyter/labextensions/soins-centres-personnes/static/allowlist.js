// The cells that run by themselves: those whose whole source is a comment, one import of one verb and one call of it.
//
// The comment is one line of letters, digits, spaces and quiet punctuation. The call has no argument, or one literal
// identifier from the table. tests/lab/test_allowlist.py holds the table against the syllabus.

const OBJECTIVES = [
  "1.1", "1.2", "1.3",
  "2.1", "2.2",
  "3.1", "3.2", "3.3", "3.4", "3.5",
  "4.1", "4.2", "4.3",
  "5.1", "5.2", "5.3", "5.4", "5.5",
];

export const VERBS = {
  canvas: OBJECTIVES,
  bench: ["", ...OBJECTIVES],
  team: [""],
  handin: ["but-1", "but-2", "but-3", "but-4", "but-5"],
  quiz: [
    "01-introduction",
    "02-concepts",
    "03-strategie-mondiale",
    "04-but-1-autonomiser-et-mobiliser",
    "05-but-2-gouvernance-et-redevabilite",
    "06-but-3-modele-de-soins",
    "07-but-4-coordonner-les-services",
    "08-but-5-environnement-propice",
    "09-principes-de-mise-en-oeuvre",
    "10-etudes-de-cas",
    "11-le-district",
    "test-avant",
    "test-apres",
  ],
  glossary: [""],
  plan: [""],
  progress: [""],
  chart: [
    "formations_sanitaires",
    "activites_mensuelles",
    "enquete_satisfaction",
    "references",
    "suivi_chroniques",
    "asbc",
    "budget_financement",
    "journal_redevabilite",
    "hospitalisations_cma",
    "paiement_simulation",
    "alertes",
    "parties_prenantes",
  ],
  desk: ["intake", "enter", "grade", "plans", "feedback", "deadline", "trainee", "marks", "attestations", "archive", "restore", "forget", "demo"],
  classroom: [""],
};

const COMMENT = String.raw`# [\p{L}\p{Nd} \u00A0\u202F.,:’'()«»-]+`;
const CELL = new RegExp(String.raw`^${COMMENT}\nfrom course import ([a-z]+)\n([a-z]+)\(("([0-9a-z._-]+)")?\)$`, "u");

/**
 * The call of a cell, as its verb and its arguments, or null for a cell that is to be left alone.
 *
 * The cell's own text never runs: the code is composed from the verb and the identifier of the table.
 */
export function callFor(source) {
  if (typeof source !== "string") return null;
  const [, imported, verb, argument, identifier] = CELL.exec(source) ?? [];
  if (!verb || imported !== verb || !Object.hasOwn(VERBS, verb)) return null;
  const known = VERBS[verb].find((one) => one === (argument === undefined ? "" : identifier));
  return known === undefined ? null : known ? [verb, known] : [verb];
}

/** The code by which a page begins: its kernel may have served a page in another folder. */
export const codeIn = (path) => `from course.lab.kernel import enter\nenter(${JSON.stringify(path)})\n`;

/** The code that makes one call, as the last of a cell. */
export const codeOf = ([verb, ...args]) => `from course import ${verb}\n${verb}(${args.map((arg) => JSON.stringify(arg))})`;

/** The code that makes calls and shows what each gives, with its rank; the literals are JSON's and Python's. */
export const codeOfAll = (calls) =>
  `from course.lab.kernel import show\nshow(${calls.map((call) => JSON.stringify(call)).join(", ")})`;
