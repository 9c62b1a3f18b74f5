// « Mon plan »: every action of the canvases, those that were chosen with their rank and what the plan says of them.
import { showStatus } from "../bar.js";
import { Caret } from "../canvas/caret.js";
import { Documents } from "../documents.js";
import { make } from "../dom.js";
import { Link } from "../link.js";
import { papers, printPapers } from "../paper.js";
import { Resume } from "../resume.js";
import { GOALS, OPTIONS } from "./facts.js";
import { LineView } from "./line.js";
import { arranged, byPriority, choice, chosenOf, moved, shownOf } from "./rows.js";
import { planSession } from "./session.js";
import { sheet } from "./sheet.js";

const HOW = "Cochez les actions que votre équipe veut mener. Elles viennent de vos canevas\u00a0: corrigez leur texte là-bas, il change ici.";
const NONE = "Vos canevas n’ont pas encore d’action. Écrivez-en dans un cahier, puis revenez ici.";
const RANK = "Classez avec les flèches, en glissant une action, ou avec Alt et les flèches du clavier. Complétez ensuite chaque action.";
const HOW_TO_RESUME =
  "Choisissez un plan ou une fiche de suivi remplis dans Word ou dans Excel (.docx, .xlsx, .csv), un fichier remis (.zip), " +
  "ou le plan du district que votre formateur a fait (plan-district.json).";

const counted = (number, one, many) => `${number} ${number > 1 ? many : one}`;
const write = (node, text) => node.textContent === text || (node.textContent = text);

// The caret of a text that is being typed outlives the kernel's widget.
class PlanCaret extends Caret {
  text({ place, field }) {
    const line = this.session.lines().find(({ row }) => row === place.row);
    return line ? shownOf(line, field) : "";
  }
}

class PlanView {
  constructor(session, link) {
    this.session = session;
    this.documents = new Documents(link, () => true, "ici par «\u202fReprendre un plan\u202f»");
    this.resume = new Resume(link, "Reprendre un plan", HOW_TO_RESUME, () => true, () => session.send({ kind: "hello" }));
    this.paper = { group: "plan", rank: "", lying: true, owner: () => session.state.owner ?? "", sheet: () => sheet(session.lines()) };
    this.boxes = new Map(); // row -> its tick
    this.lines = new Map(); // row -> its LineView
    this.openRows = (session.openRows ??= new Set());
    this.notice = make("div", { class: "course-warning", role: "status" });
    this.owner = make("p", { class: "course-owner" });
    this.summary = make("p", { class: "course-summary" });
    this.choices = make("div", { class: "course-choices" });
    this.list = make("ol", { class: "course-ranked" });
    this.spoken = make("p", { class: "course-unseen", role: "status" });
    this.status = make("p", { class: "course-status" });
    this.lack = make("ul", { class: "course-lack" });
    this.figures = make("div", { class: "course-figures" });
    this.pictures = make("details", { class: "course-pictures", ontoggle: () => this.askPictures() }, make("summary", {}, "Le plan en images, et ce qui y manque"), this.lack, this.figures);
    this.sort = this.button("Trier par priorité", () => this.order(byPriority(chosenOf(session.lines())), "Les actions sont triées\u00a0: d’abord celles qui ont le plus d’impact et d’urgence pour le moins d’effort."));
    this.root = make(
      "section",
      { class: "course-card course-plan", lang: "fr", "aria-label": "Mon plan" },
      this.notice,
      this.owner,
      this.summary,
      make("h3", {}, "Choisir"),
      make("p", {}, HOW),
      this.choices,
      make("h3", {}, "Classer et compléter"),
      make("p", {}, RANK),
      this.list,
      this.spoken,
      make("div", { class: "course-row" }, this.sort, this.button("Imprimer", () => printPapers([this])), this.documents.button, this.status),
      this.documents.node,
      this.resume.node,
      this.pictures,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.caret = new PlanCaret(this.root, session, this);
    this.draw();
  }

  button(text, onclick) {
    return make("button", { type: "button", onclick }, text);
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      this.session.flush();
    }
    event.stopPropagation(); // JupyterLab's own keys would act
  }

  // ---- what the caret asks of a table

  fieldOf(row, field) {
    return this.lines.get(row)?.fields.get(field);
  }

  field(place, field, text, { label }) {
    const line = this.lines.get(place.row);
    return line ? line.area(field, text, label) : make("textarea");
  }

  // ---- what a line asks for

  isOpen(row) {
    return this.openRows.has(row);
  }

  opened(row, isOpen) {
    if (isOpen) this.openRows.add(row);
    else this.openRows.delete(row);
  }

  choose(row, isChosen) {
    const lines = this.session.lines();
    const line = lines.find((one) => one.row === row);
    if (!line) return;
    this.session.write(choice(lines, line, isChosen));
    const chosen = chosenOf(this.session.lines()).length;
    write(this.spoken, `${isChosen ? "Dans le plan" : "Retirée du plan"}\u00a0: ${line.action}. ${counted(chosen, "action choisie", "actions choisies")}.`);
  }

  move(row, step) {
    const chosen = chosenOf(this.session.lines());
    const place = chosen.findIndex((line) => line.row === row) + step;
    if (place < 0 || place >= chosen.length) return;
    this.order(moved(chosen, chosen[place - step], place), `${chosen[place - step].action}\u00a0: ${place + 1} sur ${chosen.length}.`);
  }

  order(lines, text) {
    this.session.write(arranged(lines));
    write(this.spoken, text);
  }

  // An action that is held by its grip goes where it is let go; a line shows where that is.
  grip(start, row) {
    if (start.button) return;
    start.preventDefault();
    const end = new AbortController();
    const others = [...this.list.children].filter((node) => /** @type {HTMLElement} */ (node).dataset.row !== row);
    const placeOf = ({ clientY }) => others.filter((node) => node.getBoundingClientRect().top + node.clientHeight / 2 < clientY).length;
    const mark = (place) => others.forEach((node, index) => {
      node.toggleAttribute("data-before", index === place);
      node.toggleAttribute("data-after", index === others.length - 1 && place === others.length);
    });
    const stop = () => {
      mark(-1);
      end.abort();
    };
    addEventListener("pointermove", (event) => mark(placeOf(event)), { signal: end.signal });
    addEventListener("pointercancel", stop, { signal: end.signal });
    addEventListener("pointerup", (event) => {
      const chosen = chosenOf(this.session.lines());
      const place = placeOf(event);
      const line = chosen.find((one) => one.row === row);
      stop();
      if (line && chosen.indexOf(line) !== place) this.order(moved(chosen, line, place), `${line.action}\u00a0: ${place + 1} sur ${chosen.length}.`);
    }, { signal: end.signal });
  }

  // ---- drawing

  draw() {
    const lines = this.session.lines();
    const chosen = chosenOf(lines);
    const key = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    this.drawChoices(lines);
    const shape = JSON.stringify(chosen.map(({ row, strategy, action, before, change }) => [row, strategy, action, before, change]));
    if (shape !== this.shape) {
      this.shape = shape;
      const kept = new Map(this.lines);
      this.lines.clear();
      for (const line of chosen) {
        const old = kept.get(line.row);
        const signature = JSON.stringify([line.strategy, line.action, line.before, line.change]);
        const view = old?.signature === signature ? old : new LineView(line, this.session, this);
        view.signature = signature;
        this.lines.set(line.row, view);
      }
      const nodes = chosen.map(({ row }) => this.lines.get(row).node);
      if (nodes.some((node, index) => this.list.children[index] !== node) || nodes.length !== this.list.children.length) this.list.replaceChildren(...nodes);
    }
    chosen.forEach((line, index) => this.lines.get(line.row).update(line, index + 1, chosen.length));
    this.sort.disabled = chosen.length < 2;
    const all = lines.filter(({ change }) => change !== "removed").length;
    write(this.summary, lines.length ? `${counted(chosen.length, "action", "actions")} dans le plan, sur ${all} de vos canevas.` : NONE);
    if (key) this.focus(key);
    this.say();
  }

  // What had the focus has it still, wherever it stands now; a button that can no longer be pressed hands it to its pair.
  focus(key) {
    const [name, row] = key.split(" ");
    const node = this.root.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? this.root.querySelector(`[data-key="choose ${CSS.escape(row)}"]`);
    const pair = { up: "down", down: "up" }[name];
    const target = /** @type {any} */ (node?.disabled && pair ? this.root.querySelector(`[data-key="${CSS.escape(`${pair} ${row}`)}"]`) : node);
    if (target && target !== document.activeElement) target.focus({ preventScroll: name !== "up" && name !== "down" });
  }

  drawChoices(lines) {
    const shape = JSON.stringify(lines.map(({ row, option, strategy, action }) => [row, option, strategy, action]));
    if (shape !== this.choicesShape) {
      this.choicesShape = shape;
      this.boxes.clear();
      const rows = GOALS.flatMap(({ id, title }) => {
        const own = lines.filter(({ objective }) => objective[0] === id);
        if (!own.length) return [];
        const heading = make("tr", {}, make("th", { colspan: 4, scope: "rowgroup" }, `But ${id}\u00a0: ${title}`));
        return [make("tbody", { "data-goal": id }, heading, ...own.map((line) => this.choiceRow(line)))];
      });
      const heads = ["Dans le plan", "Option", "Stratégie", "Action"].map((text) => make("th", { scope: "col" }, text));
      const caption = make("caption", { class: "course-unseen" }, "Les actions de vos canevas");
      this.choices.replaceChildren(...(rows.length ? [make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), ...rows)] : []));
    }
    for (const { row, chosen } of lines) this.boxes.get(row).checked = chosen;
  }

  choiceRow({ row, option, strategy, action }) {
    const box = make("input", { type: "checkbox", "data-key": `choose ${row}`, "aria-label": `Dans le plan\u00a0: ${action}`, onchange: () => this.choose(row, box.checked) });
    this.boxes.set(row, box);
    return make(
      "tr",
      {},
      make("td", { class: "course-pick", "data-label": "Dans le plan" }, make("label", {}, box)),
      make("td", { "data-label": "Option" }, make("b", {}, option), ` ${OPTIONS[option] ?? ""}`),
      make("td", { "data-label": "Stratégie" }, strategy),
      make("td", { "data-label": "Action" }, action),
    );
  }

  // ---- pictures

  askPictures() {
    if (this.pictures.open) this.session.send({ kind: "pictures" });
  }

  showPictures({ missing, pictures }) {
    this.lack.replaceChildren(...missing.map((text) => make("li", {}, text)));
    this.figures.replaceChildren(
      ...pictures.map(({ title, svg, text }) => {
        const image = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
        return make("figure", {}, make("figcaption", {}, title), make("div", { class: "course-scroll", tabindex: 0, role: "group", "aria-label": title }, image), make("details", {}, make("summary", {}, `En mots\u00a0: ${title}`), make("p", {}, text)));
      }),
    );
  }

  // ---- events of the session

  hear(kind, message) {
    if (kind === "pictures") return this.showPictures(message);
    if (kind === "answer") return; // of a document
    if (kind !== "sending" && kind !== "late") {
      this.draw();
      this.caret.comeBack(); // not while a text is sent because its field is left: the next one would lose the focus
    }
    if (kind === "saved" || kind === "state") this.askPictures();
    this.say();
  }

  say() {
    const { session } = this;
    const [level, text] = this.standing(session);
    write(this.status, text);
    this.status.dataset.level = level === "alarm" ? level : "calm";
    showStatus(session, [level, level === "alarm" ? `Mon plan\u00a0: ${text}` : text]);
    write(this.owner, session.state.owner ?? "");
    const unread = Object.entries(session.unreadable).map(([objective, reason]) => `Le canevas ${objective} ne se laisse pas lire\u00a0: ${reason}`);
    const notice = [session.notice, ...unread].filter(Boolean).join(" ");
    if (this.notice.textContent !== notice) this.notice.replaceChildren(...(notice ? [make("p", {}, notice)] : []));
  }

  standing({ pending, kept, trouble, late, savedAt }) {
    if (!pending.length) return savedAt ? ["saved", "Enregistré"] : ["calm", "Prêt\u00a0: ce que vous écrivez s’enregistre tout seul."];
    if (!kept) return ["alarm", "Pas encore enregistré, et ce navigateur ne peut rien garder\u00a0: ne fermez pas cette page."];
    if (trouble) return ["alarm", `Non enregistré. ${trouble} Votre texte est gardé dans ce navigateur.`];
    if (late) return ["alarm", "Pas encore enregistré\u00a0: gardé dans ce navigateur, nouvel essai en cours."];
    return ["busy", "Enregistrement…"];
  }
}

export default {
  /** @param {Context} context */
  initialize({ model }) {
    return planSession(model.get("state")).attach(model);
  },
  /** @param {Context} context */
  render({ model, el }) {
    const session = planSession(model.get("state"));
    const link = new Link(model);
    const view = new PlanView(session, link);
    const listener = (kind, message) => view.hear(kind, message);
    // The canvases may have changed on another page.
    const look = () => document.visibilityState === "visible" && session.send({ kind: "hello" });
    session.listeners.add(listener);
    papers().add(view);
    addEventListener("visibilitychange", look);
    addEventListener("focus", look);
    addEventListener("course:saved", look);
    el.append(view.root);
    requestAnimationFrame(() => view.caret.comeBack());
    return () => {
      session.listeners.delete(listener);
      link.close();
      view.documents.close();
      papers().delete(view);
      removeEventListener("visibilitychange", look);
      removeEventListener("focus", look);
      removeEventListener("course:saved", look);
      view.caret.standIn();
    };
  },
};
