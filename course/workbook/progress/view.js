// The table of what was read, answered and filled: in words first, a bar beside them.
import { make } from "../dom.js";
import { Link } from "../link.js";
import { notebookLink } from "../links.js";
import { Attestation } from "./attestation.js";

const COLUMNS = ["Lu", "Répondu", "Rempli"];
const EVENTS = ["focus", "pageshow", "course:saved"];

class ProgressView {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.notice = make("p", { class: "course-warning" });
    this.body = make("tbody");
    const heads = ["Partie du cours", ...COLUMNS].map((name) => make("th", { scope: "col" }, name));
    const caption = make("caption", {}, "Ma progression\u00a0: ce que vous avez lu, répondu et rempli");
    this.link = new Link(model);
    this.attestation = new Attestation(this.link);
    this.root = make(
      "section",
      { class: "course-card course-progress", lang: "fr", "aria-label": "Ma progression" },
      this.notice,
      make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), this.body),
      make("p", { class: "course-legend" }, "Lu\u00a0: la leçon que vous dites avoir lue, au bas de son quiz. Répondu\u00a0: les questions vérifiées, justes ou non. Rempli\u00a0: les options qui ont une stratégie et une action. Rien de cela n’est une note."),
      this.attestation.node,
    );
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.draw(model.get("progress"));
  }

  ask() {
    try {
      this.model.send({ kind: "refresh" });
    } catch {
      // the comm is closed: a new widget is on its way
    }
  }

  hear({ kind, progress }) {
    if (kind === "progress") this.draw(progress);
  }

  draw({ rows, notice }) {
    const state = JSON.stringify([rows, notice]);
    if (state === this.drawn) return; // the focus may be on a link of the table
    this.drawn = state;
    this.notice.textContent = notice;
    this.body.replaceChildren(...rows.map((row, place) => this.row(row, place === rows.length - 1)));
  }

  row({ title, links, cells }, last) {
    const anchors = links.map(({ path, text }) => {
      const anchor = notebookLink(this.model, path, text);
      if (text.length < 8) anchor.setAttribute("aria-label", `${text}, ${title}`); // « Leçon », five times
      return make("li", {}, anchor);
    });
    const head = make("th", { scope: "row" }, make("span", { class: "course-part" }, title));
    if (anchors.length) head.append(make("ul", { class: "course-links" }, ...anchors));
    return make("tr", { class: last ? "course-total" : undefined }, head, ...cells.map((cell, place) => this.cell(cell, COLUMNS[place])));
  }

  cell({ done, of, words }, column) {
    if (!of) return make("td", { "data-label": column }, make("span", { class: "course-none" }, "sans objet"));
    const bar = make("span", { class: "course-bar", "aria-hidden": "true" }, make("span", { style: `width: ${(100 * done) / of}%` }));
    return make("td", { "data-label": column }, make("span", {}, words), bar);
  }
}

export default {
  /** @param {Context} context */
  render({ model, el }) {
    const view = new ProgressView(model);
    const hear = (message) => view.hear(message);
    model.on("msg:custom", hear);
    el.append(view.root);
    // Counted anew when somebody comes back to this page or window, and when something was saved beside it.
    const ask = () => view.ask();
    const seen = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && ask());
    seen.observe(view.root);
    for (const event of EVENTS) addEventListener(event, ask);
    return () => {
      seen.disconnect();
      for (const event of EVENTS) removeEventListener(event, ask);
      model.off("msg:custom", hear);
      view.link.close();
      view.attestation.close();
    };
  },
};
