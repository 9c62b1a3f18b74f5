// The course as the server tells it: its pages in order, and how far this workbook has got. No JupyterLab here.

/**
 * @typedef {{cell: string, title: string, objective: string}} Part
 * @typedef {{path: string, title: string, short: string, section: string, kind: string, goal: string, parts: Part[]}} Page
 * @typedef {{done: boolean, begun: boolean, note: string}} Mark
 */

export const NOTHING = { done: false, begun: false, note: "" };

/** The fragment that leads to a cell of a page. */
export const place = (cell) => (cell ? `#cell-id=${cell}` : "");

export class Course {
  /** @param {{baseUrl: string, courseDesk: string, courseGoals: Record<string, string>, coursePages: Page[]}} config */
  constructor({ baseUrl, courseDesk, courseGoals, coursePages }) {
    this.url = `${baseUrl}course/state`;
    this.desk = courseDesk;
    this.goals = courseGoals;
    this.pages = coursePages;
    this.team = "";
    this.group = "";
    this.workbook = "";
    this.marks = {};
  }

  /** Takes over what the server knows now; false when it does not answer. */
  async refresh() {
    try {
      const answer = await fetch(this.url, { cache: "no-store" });
      if (answer.ok) Object.assign(this, await answer.json());
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** The page to show where none is asked for: a trainee's home, an instructor's desk. */
  get start() {
    return this.desk === "formateur" ? this.pages[0].path : "";
  }

  /** Whose workbook it is, in words; empty while nobody gave a name, and at a desk. */
  get owner() {
    return this.team && this.desk !== "formateur" ? `Classeur\u00a0: ${this.team}` : "";
  }

  at(path) {
    return this.pages.find((page) => page.path === path) ?? null;
  }

  /** @returns {Mark} */
  mark(path, cell = "") {
    return this.marks[cell ? `${path}#${cell}` : path] ?? NOTHING;
  }

  /** The pages before and after one, in the order of the list; of the home page, the first. */
  around(path) {
    const rank = this.pages.findIndex((page) => page.path === path);
    if (rank < 0) return [undefined, path ? undefined : this.pages[0]];
    return [this.pages[rank - 1] ?? (this.start ? undefined : HOME), this.pages[rank + 1]];
  }

  /** The page where this browser was in this workbook, or else the first that is not done; null at the beginning. */
  get last() {
    const last = read(this.key);
    if (this.at(last?.path)) return last;
    const begun = Object.values(this.marks).some((mark) => mark.done || mark.begun);
    const next = begun && this.pages.find(({ path }) => this.marks[path] && !this.marks[path].done);
    return next ? { path: next.path, hash: "" } : null;
  }

  keep(path, hash) {
    if (this.workbook && this.at(path) && path !== this.pages[0].path) write(this.key, { path, hash });
  }

  get key() {
    return `course:last:${this.workbook}`;
  }
}

export const HOME = { path: "", title: "Accueil", short: "Accueil", section: "", kind: "", goal: "", parts: [] };

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // the browser keeps nothing for this page: it then begins at its first page that is not done
  }
}
