// The glossary on the page: a field, how many terms it finds, and the terms.
import { make } from "../dom.js";
import { inline } from "../inline.js";
import { notebookLink } from "../links.js";
import { search } from "./search.js";

const PAUSE = 400; // ms before a screen reader reads the count: not at every letter

class GlossaryView {
  /** @param {Model} model */
  constructor(model) {
    this.terms = model.get("terms");
    this.entries = new Map(this.terms.map((term) => [term, this.entry(term, model)]));
    this.field = make("input", { type: "text", autocomplete: "off", spellcheck: "false", oninput: () => this.find() });
    this.clear = make("button", { type: "button", onclick: () => this.empty() }, "Effacer");
    this.count = make("p", { class: "course-count" });
    this.aloud = make("p", { class: "course-aloud", role: "status" });
    this.list = make("div", { class: "course-terms" });
    this.root = make(
      "section",
      { class: "course-card course-glossary", lang: "fr", "aria-label": "Glossaire" },
      make("label", {}, make("span", {}, "Chercher un mot, avec ou sans accents"), this.field),
      make("div", { class: "course-row" }, this.count, this.clear),
      this.aloud,
      this.list,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.find();
  }

  entry(term, model) {
    const where = make("span", { class: "course-where" });
    const parts = term.parts.map(({ label, text }) => make("p", {}, make("strong", {}, `${label}\u00a0: `), ...inline(text)));
    const link = notebookLink(model, model.get("lesson"), "Lire ce terme dans la leçon", term.cell);
    const node = make(
      "details",
      {},
      make("summary", {}, make("span", { class: "course-term" }, term.name), where),
      ...parts,
      make("p", {}, link),
    );
    return { node, where };
  }

  key(event) {
    if (event.key === "Escape" && this.field.value) this.empty();
    // JupyterLab's own keys would act on the cell.
    event.stopPropagation();
  }

  empty() {
    this.field.value = "";
    this.find();
    this.field.focus();
  }

  find() {
    const typed = this.field.value.trim();
    const matches = search(this.terms, typed);
    const shown = matches.map(({ term, places }) => {
      const { node, where } = this.entries.get(term);
      where.textContent = places.length ? `trouvé dans\u00a0: ${places.join(", ").toLowerCase()}` : "";
      node.open = matches.length === 1;
      return node;
    });
    this.list.replaceChildren(...shown);
    this.clear.hidden = !typed;
    this.count.textContent = this.counted(matches.length, typed);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.aloud.textContent = typed ? this.count.textContent : ""), PAUSE);
  }

  counted(number, typed) {
    const all = this.terms.length;
    if (!typed) return `${all} termes`;
    if (!number) return `Aucun terme sur ${all}. Essayez un seul mot, ou son début.`;
    return `${number} ${number > 1 ? "termes" : "terme"} sur ${all}`;
  }
}

export default {
  /** @param {Context} context */
  render({ model, el }) {
    const view = new GlossaryView(model);
    el.append(view.root);
    return () => clearTimeout(view.timer);
  },
};
