// The bench on the page: the choice of copies above, the copy and its aids in the middle, the mark below.
import { hour, make } from "../../workbook/dom.js";
import { Aids } from "./aids.js";
import { Comment } from "./comment.js";
import { Criteria, verdict } from "./criteria.js";
import { actionOf, keysHelp, levelOf } from "./keys.js";
import { Menu } from "./menu.js";
import { Notices } from "./notices.js";
import { FocusKeeper } from "./focus.js";
import { benchOf } from "./session.js";
import { sheetOf } from "./sheet.js";

const STATES = { new: "à noter", begun: "commencée", done: "notée", changed: "à relire" };
let views = 0;

class BenchView {
  constructor(session) {
    const name = `course-bench-${++views}`;
    this.session = session;
    this.bench = session.bench;
    this.menu = new Menu(`${name}-objective`, session);
    this.filters = [false, true].map((all) => make("input", { type: "radio", name: `${name}-filter`, onchange: () => session.filter(all) }));
    this.left = make("p", { class: "course-left" });
    this.title = make("h2", { tabindex: "-1" });
    this.badge = make("span", { class: "course-badge" });
    this.showName = make("button", { type: "button", onclick: () => this.name() }, "Voir le nom");
    this.owner = make("span", { class: "course-owner" });
    this.goTo = make("select", { id: `${name}-copy`, onchange: () => session.open(this.goTo.value) });
    this.back = this.button("Précédente", "P", () => this.go("previous"));
    this.pass = this.button("Passer", "X", () => this.go("skip"));
    this.forth = this.button("Copie suivante", "N", () => this.go("next"), "course-main");
    this.status = make("p", { class: "course-status", role: "status" });
    this.clock = make("span", { class: "course-clock" });
    this.notices = new Notices(session, () => this.title.focus({ preventScroll: true }));
    this.paper = make("div", { class: "course-panel", tabindex: "0", role: "group", "aria-label": "La copie" });
    this.aids = new Aids(name);
    this.criteria = new Criteria(name, this.bench, (levels) => this.give({ levels }, true), () => this.forth.focus());
    this.comment = new Comment(name, this.bench.longest, {
      give: (comment) => this.give({ comment }, false),
      forget: (text) => session.forget(text),
    });
    this.sum = make("p", { class: "course-sum" });
    this.breakdown = make("p", { class: "course-pilot" });
    this.sentence = make("p", { class: "course-verdict", id: `${name}-words` });
    this.forth.setAttribute("aria-describedby", `${name}-words`);
    this.shortcuts = make("input", { type: "checkbox", onchange: () => this.allowKeys(this.shortcuts.checked) });
    this.shortcuts.checked = session.shortcuts;
    this.help = make("ul", { "aria-label": "Touches rapides" }, ...keysHelp());
    this.keys = make("div", { class: "course-keys" }, make("label", {}, this.shortcuts, " Touches rapides"), this.help);
    this.nav = make("div", { class: "course-row" }, this.back, this.pass, this.forth);
    this.work = this.workbench(name);
    this.empty = make("div", { class: "course-empty" });
    this.root = make(
      "section",
      { class: "course-card course-bench", lang: "fr", "aria-label": "Table de correction" },
      this.bar(name),
      this.notices.node,
      this.empty,
      this.work,
      make("div", { class: "course-foot" }, this.nav, make("div", { class: "course-say" }, this.status, this.clock)),
      this.keys,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.focusKeeper = new FocusKeeper(this);
    this.comment.area.addEventListener("blur", () => session.ledger.flush());
    this.filters[Number(session.all)].checked = true;
    if (session.chosen) this.update("chosen");
    if (session.copy) this.update("copy");
    this.drawStatus();
  }

  button(text, key, onclick, className) {
    return make("button", { type: "button", class: className, "aria-keyshortcuts": key, onclick }, text, " ", make("kbd", { "aria-hidden": "true" }, key));
  }

  bar(name) {
    const choices = ["à noter", "toutes"].map((text, rank) => make("label", {}, this.filters[rank], ` ${text}`));
    return make(
      "div",
      { class: "course-bar-top" },
      make("div", { class: "course-pick" }, make("label", { for: `${name}-objective` }, "Objectif"), this.menu.node),
      make("fieldset", { class: "course-filter" }, make("legend", {}, "Copies"), ...choices),
      this.left,
      this.signature(name),
    );
  }

  // The reviewer's name: given once and remembered, without blocking the marking.
  signature(name) {
    const { session } = this;
    this.signer = make("input", { id: `${name}-reviewer`, maxlength: "128", autocomplete: "name", value: session.reviewer, onchange: () => session.sign(this.signer.value) });
    this.sign = make("button", { type: "button", onclick: () => session.sign(this.signer.value) }, "C’est moi");
    this.sign.hidden = Boolean(session.stored.reviewer);
    const label = make("label", { for: this.signer.id }, "Noté par");
    return make("div", { class: "course-signature" }, label, this.signer, this.sign);
  }

  workbench(name) {
    const sheet = make("details", { class: "course-copy", open: "" }, make("summary", {}, "La copie"), this.paper);
    return make(
      "div",
      { class: "course-work" },
      make(
        "div",
        { class: "course-head" },
        make("div", { class: "course-who" }, this.title, this.badge, this.showName, this.owner),
        make("div", { class: "course-go" }, make("label", { for: `${name}-copy` }, "Aller à"), this.goTo),
      ),
      make(
        "div",
        { class: "course-desk" },
        sheet,
        this.aids.node,
        make("div", { class: "course-quality" }, make("h3", { class: "course-unseen" }, "Qualité"), this.criteria.node),
        make("div", { class: "course-side" }, this.sum, this.breakdown, this.sentence, this.comment.node),
      ),
    );
  }

  // ---- keys

  key(event) {
    // Otherwise JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    event.stopPropagation();
    if (event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      return this.session.ledger.flush();
    }
    const writing = event.target === this.comment.area;
    if (writing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.act(event, "next");
    if (writing && event.key === "Escape") return this.act(event, "criteria");
    if (this.session.shortcuts && this.session.copy) this.act(event, actionOf(event));
  }

  act(event, action) {
    if (!action) return;
    event.preventDefault();
    const level = levelOf(action);
    if (level >= 0) this.criteria.chooseAndAdvance(level);
    else if (action === "comment") this.comment.area.focus();
    else if (action === "criteria") this.criteria.focus(this.criteria.current);
    else if (action === "aids") this.aids.toggle();
    else if (action === "keep") this.session.keep();
    else this.go(action);
  }

  allowKeys(shortcuts) {
    this.session.shortcuts = shortcuts;
    this.session.remember({ shortcuts });
    this.help.hidden = !shortcuts;
  }

  async go(action) {
    const { copy } = this.session;
    await this.session[action]();
    if (this.session.copy !== copy) this.title.focus({ preventScroll: this.inSight() });
  }

  inSight() {
    const { top, bottom } = this.title.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }

  // ---- marking

  give(change, soon) {
    this.session.give(change, soon); // it notifies all views
  }

  async name() {
    this.owner.textContent = await this.session.name();
    this.showName.hidden = Boolean(this.owner.textContent);
    if (this.showName.hidden) this.title.focus({ preventScroll: true });
  }

  // ---- events of the session

  update(kind, key) {
    const { session } = this;
    const current = key === session.copy?.key;
    if (kind === "left") return this.focusKeeper.restore(key);
    if (kind === "chosen") this.drawChosen();
    if (kind === "copy") this.drawCopy();
    if (kind === "signed") {
      if (session.reviewer && this.sign.contains(document.activeElement)) this.title.focus({ preventScroll: true });
      this.sign.hidden = Boolean(session.reviewer);
      this.signer.value = session.reviewer;
    }
    if (kind === "phrases") this.comment.offer(session.chosen.phrases);
    if (["chosen", "counts", "saved"].includes(kind)) this.menu.draw();
    if (current && ["given", "marks", "saved", "dropped"].includes(kind)) this.drawMark();
    if (["saved", "counts", "marks", "dropped", "chosen", "copy"].includes(kind)) this.drawQueue();
    if (["other", "gone", "dropped", "saved", "given", "copy", "marks", "chosen"].includes(kind)) this.notices.draw();
    this.message = { end: "Il n’y a pas d’autre copie.", start: "C’est la première copie." }[kind] ?? (kind === "given" || kind === "copy" ? "" : this.message);
    this.drawStatus();
  }

  drawChosen() {
    const { chosen } = this.session;
    this.aids.draw(chosen);
    this.comment.offer(chosen.phrases);
    this.empty.replaceChildren(...(chosen.empty ? [make("p", {}, chosen.empty)] : []));
    for (const node of [this.work, this.nav, this.keys]) node.hidden = Boolean(chosen.empty);
    this.help.hidden = !this.session.shortcuts;
  }

  drawCopy() {
    const { copy } = this.session;
    if (!copy) return;
    this.title.textContent = `Copie ${copy.number}`;
    this.owner.textContent = "";
    this.showName.hidden = false;
    this.drawPaper();
    this.aids.drawPlan(copy.plan, this.session.chosen.objective.id);
    this.paper.scrollTop = 0;
    this.drawMark();
    this.criteria.begin();
    this.focusKeeper.restore();
  }

  drawPaper() {
    const { copy, chosen } = this.session;
    this.shown = copy.changed;
    this.paper.replaceChildren(...sheetOf(copy, chosen.objective.id));
  }

  drawMark() {
    const { copy, mark } = this.session;
    if (this.shown !== copy.changed) this.drawPaper(); // its mark was kept for the current answers
    this.criteria.draw(mark.levels);
    this.comment.draw(mark.comment);
    const { sum, breakdown, sentence, level } = verdict(this.bench, copy, mark.levels);
    this.sum.textContent = `Total\u00a0: ${sum}`;
    this.breakdown.textContent = breakdown;
    this.sentence.textContent = sentence;
    this.sentence.dataset.level = level;
  }

  drawQueue() {
    const { queue, copy } = this.session;
    const all = queue.items.length;
    const noun = queue.left > 1 ? "copies" : "copie";
    this.left.textContent = !all ? "" : queue.left ? `${queue.left} ${noun} à noter sur ${all}` : `Tout est noté\u00a0: ${all} sur ${all}`;
    this.badge.textContent = copy ? STATES[copy.state] + (copy.people > 1 ? `, groupe de ${copy.people}` : "") : "";
    const key = queue.items.map(({ state }) => state[0]).join("");
    if (key !== this.listed || this.goTo.options.length !== all) {
      this.listed = key;
      this.goTo.replaceChildren(...queue.items.map((item) => make("option", { value: item.key }, `Copie ${item.number}\u00a0: ${STATES[item.state]}`)));
    }
    if (copy) this.goTo.value = copy.key;
  }

  // ---- status line

  drawStatus() {
    const [level, text, saved = null] = this.standing();
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.level = level;
    const time = saved && hour(saved);
    this.clock.textContent = time ? `à ${time}` : ""; // beside « Enregistré » alone
  }

  standing() {
    const { ledger, trouble, chosen, copy, moving } = this.session;
    if (ledger.pending) {
      if (!ledger.kept) return ["alarm", "Pas encore enregistré, et ce navigateur ne peut rien garder\u00a0: ne fermez pas cette page."];
      if (ledger.trouble) return ["alarm", `Non enregistré. ${ledger.trouble} Votre note est gardée dans ce navigateur.`];
      if (ledger.late) return ["alarm", "Pas encore enregistré\u00a0: gardé dans ce navigateur, nouvel essai en cours."];
      return ["calm", "Enregistrement…"];
    }
    if (ledger.disputed.some((draft) => draft.copy === copy?.key)) return ["alarm", "Non enregistré\u00a0: quelqu’un d’autre a noté cette copie. Choisissez plus haut."];
    if (trouble) return ["alarm", trouble];
    if (moving && copy) return ["calm", "La copie arrive…"];
    if (this.message) return ["calm", this.message];
    if (ledger.savedAt) return ["calm", "Enregistré", ledger.savedAt];
    return ["calm", chosen ? "Prêt\u00a0: chaque choix s’enregistre tout seul." : "Les copies arrivent…"];
  }
}

export default {
  initialize({ model }) {
    return benchOf(model.get("bench")).attach(model);
  },
  render({ model, el }) {
    const session = benchOf(model.get("bench"));
    const view = new BenchView(session);
    const listener = (kind, key) => view.update(kind, key);
    session.listeners.add(listener);
    el.append(view.root);
    requestAnimationFrame(() => {
      view.aids.fit(view.root.clientWidth); // the host inserts `el` into the page after `render`
      view.focusKeeper.restore();
    });
    return () => {
      session.listeners.delete(listener);
      session.notify("left", view.root);
      setTimeout(() => session.notify("left"));
    };
  },
};
