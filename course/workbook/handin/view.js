// « Remettre » on the page: what is incomplete, a question, then the zip, its receipt, and where they are.
import { make } from "../dom.js";
import { whoOf } from "../team/who.js";
import { TeamForm } from "../team/form.js";
import { Link, refresh, settle, unplacedTexts } from "../link.js";
import { Documents } from "../documents.js";
import { Resume } from "../resume.js";

const NO_ANSWER = "Le cours ne répond pas. Vos réponses ne sont pas perdues\u00a0: attendez un instant, puis recommencez.";

const HOW_TO_RESUME =
  "Vous avez changé d’ordinateur, ou vous voulez retrouver ce qui a été remis\u202f? Choisissez le fichier remis (.zip), " +
  "celui d’un canevas (1.1.json), ou un canevas ou un plan rempli dans Word ou dans Excel (.docx, .xlsx, .csv).";

// The canvases of the page print themselves: see paper.js.
const printGoal = () => dispatchEvent(new CustomEvent("course:print", { cancelable: true })) && print();

class HandinView {
  /** @param {Model} model */
  constructor(model) {
    this.goal = model.get("goal");
    this.link = new Link(model);
    this.who = whoOf(model.get("workbook"), model.get("team"));
    this.owner = make("p", { class: "course-owner" });
    this.team = make("div", {});
    this.earlier = make("p", {}, model.get("earlier"));
    this.button = make("button", { type: "button", class: "course-main", onclick: () => this.handIn(false) }, "Remettre");
    this.print = make("button", { type: "button", onclick: printGoal }, "Imprimer le cahier");
    this.status = make("p", { role: "status" });
    this.question = make("div", { class: "course-question", tabindex: "-1", hidden: "" });
    this.done = make("div", { class: "course-done", tabindex: "-1", hidden: "" });
    this.exchange = make("p", { role: "status" });
    this.urls = [];
    const isPart = ({ objective = "" }) => objective.startsWith(`${this.goal.id}.`);
    this.resume = new Resume(this.link, "Reprendre une remise", HOW_TO_RESUME, isPart, refresh);
    this.documents = new Documents(this.link, isPart, "ici par «\u202fReprendre une remise\u202f»");
    this.root = make(
      "section",
      { class: "course-card", lang: "fr", "aria-label": `Remettre le cahier du but ${this.goal.id}` },
      this.owner,
      this.team,
      this.earlier,
      make("div", { class: "course-row" }, this.button, this.print, this.status),
      this.question,
      this.done,
      this.exchange,
      make("details", {}, make("summary", {}, "Emporter le cahier dans Word ou dans Excel"), ...this.documents.parts),
      this.resume.node,
    );
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.asksWho = !this.who.isNamed;
    this.isUsed = false; // the form of names
    this.form = /** @type {TeamForm | null} */ (null);
    if (this.asksWho) this.askWho("Dites d’abord qui remet\u00a0: un nom suffit.");
    this.update();
  }

  askWho(text) {
    this.form = new TeamForm(this.who);
    this.team.replaceChildren(make("p", {}, text), this.form.node);
    this.team.addEventListener("focusin", () => (this.isUsed = true), { once: true });
  }

  // Names that were given are not asked for again. A form that is in use goes when its person hands in, and not before: what
  // moves during a press takes the click away.
  knowWho() {
    const { isNamed, typed, asked, room } = this.who;
    if (!this.form || !isNamed || typed || asked || room) return;
    this.asksWho = false;
    this.form = null;
    this.team.replaceChildren();
  }

  update() {
    if (!this.isUsed) this.knowWho();
    if (this.who.asked && !this.form) this.askWho("Qui travaille\u202f? Une question attend votre réponse.");
    this.form?.update();
    this.owner.textContent = this.asksWho ? "" : this.who.team.owner;
  }

  // ---- handing in

  async handIn(sure) {
    this.close();
    this.button.disabled = true;
    this.status.textContent = "Un instant…";
    try {
      this.who.flush();
      const unsaved = await settle(this.goal.id);
      const [standing] = await this.link.ask("look");
      this.who.receive(standing.team);
      this.knowWho();
      this.update();
      const waiting = unsaved.length || unplacedTexts(this.goal.id).size || standing.incomplete || !standing.named;
      if (standing.reason) this.show([standing, []]);
      else if (!sure && waiting) this.ask(unsaved, standing);
      else this.show(await this.link.ask("hand-in"));
    } catch {
      this.status.textContent = NO_ANSWER;
    } finally {
      this.button.disabled = false;
    }
  }

  ask(unsaved, { incomplete, canvases, named }) {
    this.status.textContent = "";
    const lines = canvases.map((line) => make("li", {}, line));
    const missing = unsaved.map((name) => `Le canevas ${name} n’est pas encore enregistré\u00a0: ce que vous venez d’y écrire manquerait.`);
    for (const [name, number] of unplacedTexts(this.goal.id)) {
      const texts = number > 1 ? `${number} textes collés sans place. Ils manqueraient` : "1 texte collé sans place. Il manquerait";
      missing.push(`Le canevas ${name} a ${texts} dans la remise\u00a0: répondez d’abord dans ce canevas, ou remettez quand même.`);
    }
    const wait = () => {
      this.close();
      this.button.focus();
    };
    this.question.replaceChildren(
      ...missing.map((line) => make("p", {}, line)),
      ...(incomplete ? [make("p", {}, make("b", {}, incomplete)), make("ul", {}, ...lines)] : []),
      ...(named ? [] : [make("p", {}, "Personne n’est nommé\u00a0: votre formateur ne saura pas de qui vient ce travail.")]),
      make("p", {}, "Vous pouvez remettre ainsi, et remettre de nouveau plus tard."),
      make(
        "div",
        { class: "course-row" },
        make("button", { type: "button", onclick: wait }, "Je complète d’abord"),
        make("button", { type: "button", onclick: () => this.handIn(true) }, "Remettre quand même"),
      ),
    );
    this.question.hidden = false;
    this.question.focus();
  }

  show([answer, buffers]) {
    if (answer.reason) {
      this.status.textContent = `Rien n’est remis. ${answer.reason}`;
      return;
    }
    this.status.textContent = "";
    this.earlier.textContent = "";
    const [zip, receipt] = buffers;
    this.done.replaceChildren(
      make("p", {}, make("b", {}, "C’est remis.")),
      ...answer.notices.map((notice) => make("p", {}, notice)),
      make("p", {}, answer.next),
      make("p", {}, `Code du reçu\u00a0: ${answer.code}`),
      make(
        "div",
        { class: "course-row" },
        this.file("Télécharger le fichier remis", answer.name, zip, "application/zip"),
        this.file("Télécharger le reçu à imprimer", answer.receipt, receipt, "text/html"),
      ),
    );
    this.done.hidden = false;
    this.done.focus();
    this.exchange.textContent = answer.exchange;
  }

  file(text, name, content, type) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    this.urls.push(url);
    return make("a", { class: "course-file", href: url, download: name }, text);
  }

  close() {
    this.question.hidden = this.done.hidden = true;
    this.exchange.textContent = "";
    this.status.textContent = "";
    this.urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
  }
}

export default {
  /** @param {Context} context */
  initialize({ model }) {
    return whoOf(model.get("workbook"), model.get("team")).attach(model, model.get("team"));
  },
  /** @param {Context} context */
  render({ model, el }) {
    const view = new HandinView(model);
    const listener = () => view.update();
    const hear = (message) => message.kind === "exchanged" && (view.exchange.textContent = message.text);
    view.who.listeners.add(listener);
    model.on("msg:custom", hear);
    el.append(view.root);
    return () => {
      view.who.listeners.delete(listener);
      model.off("msg:custom", hear);
      view.link.close();
      view.documents.close();
      view.close();
    };
  },
};
