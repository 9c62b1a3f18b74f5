// The six criteria, three buttons each, and their total and verdict.
import { make } from "../../workbook/dom.js";
import { LEVELS } from "./facts.js";

export const french = (value) => String(value).replace(".", ",");
const withLevel = (levels, rank, level) => levels.map((current, index) => (index === rank ? level : current));
const counted = (count, one, many = `${one}s`) => `${french(count)} ${count >= 2 ? many : one}`;

const showOnly = (descriptions, level) => descriptions.forEach((node, index) => node.classList.toggle("course-shown", index === level));

export class Criteria {
  constructor(name, bench, give, done) {
    this.bench = bench;
    this.give = give;
    this.done = done; // called when all six criteria have a level
    this.levels = bench.criteria.map(() => null);
    this.current = 0;
    this.rows = bench.criteria.map((criterion, rank) => this.row(name, criterion, rank));
    this.says = make("div", { class: "course-says-all", "aria-hidden": "true" }); // of the current criterion, where rows are one line
    this.full = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.toggle() }, "Tout le barème");
    this.clear = make("button", { type: "button", onclick: () => this.give(this.levels.map(() => null)) }, "Effacer les niveaux");
    this.node = make(
      "div",
      { class: "course-criteria", onkeydown: (event) => this.key(event), onfocusin: (event) => this.follow(event.target) },
      ...this.rows.map(({ node }) => node),
      this.says,
      make("div", { class: "course-row" }, this.full, this.clear),
    );
  }

  row(name, { title, points, levels, worth }, rank) {
    // The three descriptions overlap: the line is as high as the longest, so that a choice does not move the page.
    const descriptions = levels.map((text, level) => make("span", {}, `${LEVELS[level]}\u00a0: ${text}`));
    const buttons = levels.map((text, level) => {
      const hint = () => {
        showOnly(descriptions, level);
        if (rank === this.current) this.say(level);
      };
      const shown = [make("span", { class: "course-level" }, LEVELS[level]), " ", make("span", { class: "course-worth" }, worth[level])];
      return make(
        "button",
        { type: "button", role: "radio", onclick: () => this.pick(rank, level), onmouseenter: hint, onmouseleave: () => this.describe(rank) },
        ...shown,
        make("span", { class: "course-text" }, ` ${text}`),
      );
    });
    const id = `${name}-q${rank + 1}`;
    const [short, scope = ""] = title.split(/(?=\u00a0:)/);
    const label = make("p", { class: "course-title", id }, make("b", {}, `Q${rank + 1}`), ` ${short}`, make("span", { class: "course-scope" }, scope), make("span", { class: "course-unseen" }, ` (sur ${points})`));
    const group = make("div", { class: "course-levels", role: "radiogroup", "aria-labelledby": id }, ...buttons);
    return { node: make("div", { class: "course-criterion" }, label, group, make("p", { class: "course-says", "aria-hidden": "true" }, ...descriptions)), buttons, descriptions };
  }

  // ---- drawing

  draw(levels) {
    this.levels = levels;
    this.rows.forEach(({ buttons }, rank) => {
      const chosen = levels[rank];
      buttons.forEach((button, level) => {
        button.setAttribute("aria-checked", chosen === level);
        button.tabIndex = level === (chosen ?? 0) ? 0 : -1;
      });
      this.describe(rank);
    });
    this.clear.disabled = levels.every((level) => level === null);
  }

  // For a new copy, the keys start at the first criterion without a level.
  begin() {
    this.move(Math.max(0, this.levels.indexOf(null)));
  }

  // Shows the description of the focused level, else of the chosen one.
  describe(rank) {
    const { buttons, descriptions } = this.rows[rank];
    const focused = buttons.indexOf(document.activeElement);
    const level = focused >= 0 ? focused : this.levels[rank];
    showOnly(descriptions, level);
    if (rank === this.current) this.say(level);
  }

  say(level) {
    const { levels } = this.bench.criteria[this.current];
    const lines = levels.map((text, index) => make("p", { class: index === level ? "course-shown" : "" }, make("b", {}, `${LEVELS[index]}\u00a0: `), text));
    this.says.replaceChildren(...lines);
  }

  toggle() {
    const open = this.node.classList.toggle("course-full");
    this.full.setAttribute("aria-pressed", open);
  }

  // ---- moving and choosing

  move(rank) {
    this.current = rank;
    this.rows.forEach(({ node }, index) => node.toggleAttribute("data-current", index === rank));
    this.describe(rank);
  }

  follow(target) {
    const rank = this.rows.findIndex(({ node }) => node.contains(target));
    if (rank >= 0) this.move(rank);
    this.rows.forEach((_, index) => this.describe(index));
  }

  focus(rank) {
    this.move(rank);
    this.rows[rank].buttons.find((button) => button.tabIndex === 0).focus();
  }

  pick(rank, level) {
    this.give(withLevel(this.levels, rank, level));
    const left = this.levels.indexOf(null, rank + 1);
    this.move(left < 0 ? rank : left);
  }

  // For the level keys: choose, then focus the next criterion, or the button of the next copy after the last one.
  chooseAndAdvance(level) {
    const rank = this.current;
    this.give(withLevel(this.levels, rank, level));
    if (rank + 1 < this.rows.length) return this.focus(rank + 1);
    const left = this.levels.indexOf(null);
    if (left < 0) this.done();
    else this.focus(left);
  }

  key(event) {
    const rank = this.rows.findIndex(({ buttons }) => buttons.includes(event.target));
    if (rank < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const { buttons } = this.rows[rank];
    const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (side) {
      const level = (buttons.indexOf(event.target) + side + buttons.length) % buttons.length;
      this.give(withLevel(this.levels, rank, level));
      buttons[level].focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.focus(Math.min(Math.max(rank + (event.key === "ArrowDown" ? 1 : -1), 0), this.rows.length - 1));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.give(withLevel(this.levels, rank, null));
      buttons[0].focus();
    } else return;
    event.preventDefault();
  }
}

// The total of a copy, its parts, and the sentence that says whether it is a pass.
export function verdict(bench, { completeness, elsewhere }, levels) {
  const left = levels.filter((level) => level === null).length;
  const byCriteria = bench.criteria.reduce((sum, { points }, rank) => sum + (points * (levels[rank] ?? 0)) / 2, 0);
  const fromElsewhere = left === levels.length && elsewhere !== null;
  const quality = fromElsewhere ? elsewhere : byCriteria;
  const total = (completeness ?? 0) + quality;
  const rule = `au moins ${bench.pass.total} sur ${bench.points.total}, dont au moins ${bench.pass.quality} sur ${bench.points.quality} pour la qualité`;
  const qualityText = left === levels.length && !fromElsewhere ? "à donner" : `${french(quality)} sur ${bench.points.quality}`;
  const breakdown = `Complétude ${french(completeness ?? 0)} sur ${bench.points.total - bench.points.quality}, qualité ${qualityText}.`;
  const lacking = [
    ...(total < bench.pass.total ? [`${counted(bench.pass.total - total, "point")} sur le total`] : []),
    ...(quality < bench.pass.quality ? [`${counted(bench.pass.quality - quality, "point")} de qualité`] : []),
  ].join(" et ");
  const sum = `${french(total)} sur ${bench.points.total}`;
  if (left && !fromElsewhere) return { sum, breakdown, sentence: `${counted(left, "critère")} à donner. Pour réussir\u00a0: ${rule}.`, level: "open" };
  if (lacking) return { sum, breakdown, sentence: `Pas encore réussi, il manque ${lacking}. Pour réussir\u00a0: ${rule}.`, level: "missed" };
  return { sum, breakdown, sentence: `Réussi\u00a0: ${rule}.`, level: "passed" };
}
