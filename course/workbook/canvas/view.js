// One canvas around its table: its owner, what is saved, notices. What is typed is kept by the session.
import { showStatus } from "../bar.js";
import { Caret } from "./caret.js";
import { Comparison } from "./compare.js";
import { criteria } from "./criteria.js";
import { hour, make } from "../dom.js";
import { Documents } from "../documents.js";
import { download } from "./download.js";
import { CANVASES, RUBRIC } from "./facts.js";
import { Link } from "../link.js";
import { papers, printPapers } from "../paper.js";
import { sessionOf } from "./session.js";
import { sheet } from "./sheet.js";
import { Table } from "./table.js";

const COUNTED = "La machine compte, elle ne juge pas\u00a0: les deux dernières parts suivent celle des options traitées, et le total est arrondi au demi-point. La qualité, c’est votre formatrice ou votre formateur qui la lit.";

// Called at each key: writing the same text again would lay it out and have it read aloud again.
const write = (node, text) => node.textContent === text || (node.textContent = text);

class View {
  constructor(canvas, session, link) {
    this.canvas = canvas;
    this.documents = new Documents(link, ({ objective }) => objective === canvas.id, "par «\u202fReprendre une remise\u202f», au bas du cahier");
    this.session = session;
    this.paper = { group: canvas.id[0], rank: canvas.id, owner: () => session.state.owner ?? "", sheet: () => sheet(this) };
    this.status = make("p", { class: "course-status" }); // read aloud by the page's bar
    this.clock = make("span", { class: "course-clock" });
    this.report = make("div", { class: "course-report", role: "status" });
    this.notice = make("div", { class: "course-warning", role: "status" });
    this.owner = make("p", { class: "course-owner" });
    this.table = new Table(canvas, session, (...nodes) => this.report.replaceChildren(...nodes));
    this.rescue = this.button("Télécharger mes réponses", () => download(session));
    this.pilot = this.button("Responsable, échéance, indicateur", () => this.togglePilot());
    this.comparison = new Comparison(canvas, session);
    const check = this.button("Vérifier", () => this.check(), "course-main");
    const paper = this.button("Imprimer", () => printPapers([this]));
    this.root = make(
      "section",
      { class: "course-canvas", lang: "fr", "data-goal": canvas.id[0], "aria-label": `Canevas ${canvas.id}\u00a0: ${canvas.title}` },
      this.notice,
      this.owner,
      criteria(RUBRIC),
      this.table.node,
      make(
        "div",
        { class: "course-foot" },
        ...[check, this.pilot, this.comparison.button, paper, this.documents.button],
        make("div", { class: "course-say" }, this.status, this.clock),
      ),
      this.documents.node,
      this.rescue,
      this.report,
      this.comparison.node,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.caret = new Caret(this.root, session, this.table);
    this.say();
  }

  button(text, onclick, className) {
    return make("button", { type: "button", class: className, onclick }, text);
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      this.session.flush();
    }
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    event.stopPropagation();
  }

  togglePilot() {
    this.session.showPilot(!this.session.pilot);
    this.table.draw();
    this.say();
  }

  // ---- events of the session

  hear(kind, message) {
    if (kind === "checked") return this.showCheck(message);
    if (kind === "answer") return; // of a document
    if (kind === "compared") return this.comparison.hear(message);
    if (kind !== "sending" && kind !== "late" && this.table.update()) this.caret.comeBack();
    this.comparison.update();
    if (kind === "saved") dispatchEvent(new Event("course:saved")); // for what counts on the same page
    this.say();
  }

  say() {
    const { session } = this;
    const [level, text] = this.statusOf(session);
    write(this.status, text);
    this.status.dataset.level = level === "alarm" ? level : "calm";
    this.rescue.hidden = level !== "alarm";
    showStatus(session, [level, level === "alarm" ? `Canevas ${this.canvas.id}\u00a0: ${text}` : text]);
    this.pilot.setAttribute("aria-pressed", session.pilot);
    const time = session.pending.length ? null : session.savedAt; // writing a date costs more than all the rest here
    write(this.clock, time ? `à ${hour(time)}` : "");
    write(this.owner, session.state.owner ?? "");
    this.sayNotice();
  }

  statusOf({ pending, kept, trouble, late, savedAt }) {
    if (!pending.length) return savedAt ? ["saved", "Enregistré"] : ["calm", "Prêt\u00a0: ce que vous écrivez s’enregistre tout seul."];
    if (!kept) {
      return ["alarm", "Pas encore enregistré, et ce navigateur ne peut rien garder\u00a0: ne fermez pas cette page."];
    }
    if (trouble) return ["alarm", `Non enregistré. ${trouble} Votre texte est gardé dans ce navigateur.`];
    if (late) return ["alarm", "Pas encore enregistré\u00a0: gardé dans ce navigateur, nouvel essai en cours."];
    return ["busy", "Enregistrement…"];
  }

  sayNotice() {
    const { notice } = this.session;
    if (!notice && !this.notice.firstChild) return;
    if (!notice) return this.notice.replaceChildren();
    if (this.notice.firstChild?.textContent === notice) return;
    const read = () => {
      this.session.notice = "";
      this.sayNotice();
    };
    this.notice.replaceChildren(make("p", {}, notice), this.button("J’ai compris", read));
  }

  // ---- check

  check() {
    this.session.flush();
    this.report.replaceChildren("Vérification…");
    this.session.send({ kind: "check" });
  }

  showCheck({ text, options, parts }) {
    const lines = options.map(({ id, label, lack }) =>
      make("li", { "data-treated": !lack }, make("b", {}, id), ` ${label}\u00a0: ${lack || "traitée"}`),
    );
    const counts = parts.map(({ name, count, points }) => make("li", {}, `${name}${count && `\u00a0: ${count}`}`, make("b", {}, points)));
    this.report.replaceChildren(make("p", {}, make("b", {}, text)), make("ul", { class: "course-treated" }, ...lines), make("ul", { class: "course-parts" }, ...counts), ...(parts.length ? [make("p", {}, COUNTED)] : []));
  }
}

export default {
  /** @param {Context} context */
  initialize({ model }) {
    const session = sessionOf(model.get("canvas").id, model.get("state"));
    return session.attach(model);
  },
  /** @param {Context} context */
  render({ model, el }) {
    const { id } = model.get("canvas");
    const canvas = { ...CANVASES[id], ...model.get("canvas") };
    const session = sessionOf(canvas.id, model.get("state"));
    const link = new Link(model);
    const view = new View(canvas, session, link);
    const listener = (kind, message) => view.hear(kind, message);
    session.listeners.add(listener);
    papers().add(view);
    el.append(view.root);
    // Connected only once the host has put `el` on the page.
    requestAnimationFrame(() => view.caret.comeBack());
    return () => {
      session.listeners.delete(listener);
      papers().delete(view);
      link.close();
      view.documents.close();
      view.caret.standIn();
    };
  },
};
