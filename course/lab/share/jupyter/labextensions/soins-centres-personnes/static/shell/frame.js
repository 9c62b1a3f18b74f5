// The header and the « Sommaire »: plain DOM for the page that is shown.
import { NOTHING, place } from "./course.js";
import { hidden, make } from "./make.js";

const COURSE = "Soins centrés sur les personnes";

export class Frame {
  /**
   * @param {import("./course.js").Course} course
   * @param {(path: string, hash?: string) => string} url the address of a page
   * @param {string} full the address of JupyterLab as it is
   * @param {() => void} [print] prints the page that is shown; none while there is no page yet
   */
  constructor(course, url, full, print) {
    this.course = course;
    this.url = url;
    this.full = full;
    this.path = "";
    this.title = "";
    this.button = make("button", { type: "button", class: "course-menu", "aria-haspopup": "dialog", onclick: () => this.open() }, make("span", { "aria-hidden": "true" }, "☰"), "Sommaire");
    this.here = make("p", { class: "course-here" });
    this.who = make("p", { class: "course-who" });
    const onclick = () => {
      this.contents.close();
      print?.();
    };
    const paper = (text, name) => make("button", { type: "button", class: `course-button ${name}`, disabled: !print, onclick }, text);
    this.back = make("a", { rel: "prev" });
    this.forth = make("a", { rel: "next" });
    this.header = make(
      "header",
      { class: "course-header", lang: "fr" },
      this.button,
      make("a", { class: "course-brand", href: url(""), "aria-label": `${COURSE}\u00a0: accueil` }, emblem(), make("span", {}, COURSE)),
      make("div", { class: "course-where" }, this.here, this.who),
      paper("Imprimer", "course-print"),
      make("nav", { class: "course-steps", "aria-label": "Pages voisines" }, this.back, this.forth),
    );
    this.parts = make("nav", { class: "course-parts", "aria-label": "Parties de la page" });
    this.header.append(this.parts);
    this.list = make("div");
    this.owner = make("p", { class: "course-whose" });
    const close = make("button", { type: "button", class: "course-close", onclick: () => this.contents.close() }, "Fermer");
    this.contents = make(
      "dialog",
      { class: "course-contents", lang: "fr", "aria-labelledby": "course-contents-title" },
      make("div", { class: "course-row" }, make("h2", { id: "course-contents-title" }, "Sommaire"), close),
      make("div", { class: "course-page" }, this.owner, paper("Imprimer cette page", "course-small")),
      make("nav", { "aria-label": "Pages du cours" }, this.list),
      make("p", { class: "course-over" }, make("a", { href: full, target: "_blank" }, "Ouvrir JupyterLab entier")),
    );
    // A click outside of it is on the dialog itself.
    this.contents.addEventListener("click", ({ target }) => (target === this.contents || target.closest("a")) && this.contents.close());
  }

  async open() {
    this.draw();
    this.contents.showModal();
    this.contents.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
    if (await this.course.refresh()) this.draw();
  }

  /** Draws the header for a page, or anew when more is known of the workbook. */
  show(path = this.path) {
    this.path = path;
    const page = this.course.at(path);
    document.title = this.title = page ? `${page.title} – ${COURSE}` : COURSE;
    this.here.textContent = page ? shorter(page) : "";
    this.here.title = page?.title ?? "";
    // A workbook lists its objectives in its own text.
    const parts = page?.kind === "bureau" ? page.parts : [];
    this.parts.hidden = !parts.length;
    this.parts.replaceChildren(...parts.map(({ cell, title }) => make("a", { href: this.url(path, place(cell)) }, title)));
    if (page?.goal) document.body.dataset.goal = page.goal;
    else delete document.body.dataset.goal;
    const { desk, group, team } = this.course;
    this.who.textContent = desk === "formateur" ? "" : group || team;
    this.who.title = this.owner.textContent = this.course.owner;
    const [before, after] = this.course.around(path);
    this.step(this.back, before, "← ", "Précédent", "");
    this.step(this.forth, after, "", "Suivant", " →");
    if (this.contents.open) this.draw();
  }

  step(node, page, left, word, right) {
    node.hidden = !page;
    if (!page) return;
    node.href = this.url(page.path);
    node.title = page.title;
    const arrow = (text) => make("span", { "aria-hidden": "true" }, text);
    node.replaceChildren(arrow(left), make("span", { class: "course-word" }, word), hidden(`\u00a0: ${page.title}`), arrow(right));
  }

  draw() {
    const focused = this.list.contains(document.activeElement) && document.activeElement?.getAttribute("href");
    const sections = [...new Set(this.course.pages.map(({ section }) => section))];
    const home = this.course.start ? [] : [make("ol", {}, this.item("Accueil", "", "", !this.path, NOTHING))];
    this.list.replaceChildren(
      ...home,
      ...sections.flatMap((section) => [
        make("h3", {}, section),
        make("ol", {}, ...this.course.pages.filter((page) => page.section === section).map((page) => this.page(page))),
      ]),
    );
    if (focused) this.list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

  page({ path, short, kind, goal, parts }) {
    const item = this.item(short, path, "", path === this.path, this.course.mark(path));
    item.dataset.kind = kind;
    if (goal) item.dataset.goal = goal;
    if (parts.length) item.append(make("ol", {}, ...parts.map(({ cell, title }) => this.item(title, path, cell, false, this.course.mark(path, cell)))));
    return item;
  }

  item(title, path, cell, here, { done, begun, note }) {
    const [sign, words] = done ? ["✓", ", fait"] : begun ? ["◐", ", commencé"] : ["", ""];
    return make(
      "li",
      {},
      make(
        "a",
        { href: this.url(path, place(cell)), "aria-current": here && "page" },
        make("span", { class: "course-tick", "aria-hidden": "true" }, sign),
        make("span", {}, title, hidden(words)),
        make("small", {}, note),
      ),
    );
  }
}

/** A page's name where there is little room. */
const shorter = ({ title, short }) => (short.length < title.length ? short : title);

/** Two people within five arcs, one of each goal's colour. */
export function emblem() {
  const arcs = ["M14.300 6.600a17.200 17.200 0 0 1 15.400 0", "M34.800 10.500a17.200 17.200 0 0 1 4.300 14.600", "M36 31.900a17.200 17.200 0 0 1-12.300 7.200", "M17 38.500a17.200 17.200 0 0 1-10.800-9", "M4.900 23a17.200 17.200 0 0 1 4.300-12.500"];
  const paths = arcs.map((path, goal) => `<path d="${path}" style="stroke: var(--goal-${goal + 1})"/>`).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="34" height="34" aria-hidden="true"><g fill="none" stroke-width="3.600" stroke-linecap="round">${paths}</g><g fill="currentColor"><circle cx="19.800" cy="15.600" r="4.200"/><path d="M11.600 31.500c0-6.400 3.400-10 8.200-10s8.400 3.600 8.400 10z"/><circle cx="28.600" cy="20.400" r="2.700"/></g></svg>`;
  return new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
}
