// The six criteria, three buttons each, and what they add up to, in numbers and in words.
import { make } from "../../workbook/dom.js";
import { LEVELS } from "./facts.js";

export const french = (value) => String(value).replace(".", ",");
const at = (levels, rank, level) => levels.map((each, place) => (place === rank ? level : each));
const several = (count, one, many = `${one}s`) => `${french(count)} ${count >= 2 ? many : one}`;

const show = (says, level) => says.forEach((text, place) => text.classList.toggle("course-shown", place === level));

export class Criteria {
  constructor(name, bench, give, done) {
    this.bench = bench;
    this.give = give;
    this.done = done; // where to go when all six are given
    this.levels = bench.criteria.map(() => null);
    this.current = 0;
    this.rows = bench.criteria.map((criterion, rank) => this.row(name, criterion, rank));
    this.full = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.toggle() }, "Tout le barème");
    this.clear = make("button", { type: "button", onclick: () => this.give(this.levels.map(() => null)) }, "Effacer les niveaux");
    this.node = make(
      "div",
      { class: "course-criteria", onkeydown: (event) => this.key(event), onfocusin: (event) => this.follow(event.target) },
      ...this.rows.map(({ node }) => node),
      make("div", { class: "course-row" }, this.full, this.clear),
    );
  }

  row(name, { title, points, levels, worth }, rank) {
    // All three stand in one place: the line is as high as the longest, and what is given moves nothing.
    const says = levels.map((_, level) => make("span", {}, this.told(rank, level)));
    const buttons = levels.map((text, level) => {
      const hint = () => show(says, level);
      const shown = [make("span", { class: "course-level" }, LEVELS[level]), " ", make("span", { class: "course-worth" }, worth[level])];
      return make(
        "button",
        { type: "button", role: "radio", onclick: () => this.pick(rank, level), onmouseenter: hint, onmouseleave: () => this.say(rank) },
        ...shown,
        make("span", { class: "course-text" }, ` ${text}`),
      );
    });
    const id = `${name}-q${rank + 1}`;
    const label = make("p", { class: "course-title", id }, make("b", {}, `Q${rank + 1}`), ` ${title}`, make("span", { class: "course-unseen" }, ` (sur ${points})`));
    const group = make("div", { class: "course-levels", role: "radiogroup", "aria-labelledby": id }, ...buttons);
    return { node: make("div", { class: "course-criterion" }, label, group, make("p", { class: "course-says", "aria-hidden": "true" }, ...says)), buttons, says };
  }

  // ---- drawing

  draw(levels) {
    this.levels = levels;
    this.rows.forEach(({ buttons }, rank) => {
      const given = levels[rank];
      buttons.forEach((button, level) => {
        button.setAttribute("aria-checked", given === level);
        button.tabIndex = level === (given ?? 0) ? 0 : -1;
      });
      this.say(rank);
    });
    this.clear.disabled = levels.every((level) => level === null);
  }

  // A new copy: the first criterion that has no level is the one that the keys give.
  begin() {
    this.move(Math.max(0, this.levels.indexOf(null)));
  }

  say(rank) {
    const { buttons, says } = this.rows[rank];
    const focused = buttons.indexOf(document.activeElement);
    const level = focused >= 0 ? focused : this.levels[rank];
    show(says, level);
  }

  told(rank, level) {
    return `${LEVELS[level]}\u00a0: ${this.bench.criteria[rank].levels[level]}`;
  }

  toggle() {
    const open = this.node.classList.toggle("course-full");
    this.full.setAttribute("aria-pressed", open);
  }

  // ---- going and giving

  move(rank) {
    this.current = rank;
    this.rows.forEach(({ node }, place) => node.toggleAttribute("data-current", place === rank));
  }

  follow(target) {
    const rank = this.rows.findIndex(({ node }) => node.contains(target));
    if (rank >= 0) this.move(rank);
    this.rows.forEach((_, place) => this.say(place));
  }

  focus(rank) {
    this.move(rank);
    this.rows[rank].buttons.find((button) => button.tabIndex === 0).focus();
  }

  pick(rank, level) {
    this.give(at(this.levels, rank, level));
    const left = this.levels.indexOf(null, rank + 1);
    this.move(left < 0 ? rank : left);
  }

  // By a key: the level, and on to the next criterion; after the last one, on to the next copy's button.
  giveAndGo(level) {
    const rank = this.current;
    this.give(at(this.levels, rank, level));
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
      this.give(at(this.levels, rank, level));
      buttons[level].focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.focus(Math.min(Math.max(rank + (event.key === "ArrowDown" ? 1 : -1), 0), this.rows.length - 1));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.give(at(this.levels, rank, null));
      buttons[0].focus();
    } else return;
    event.preventDefault();
  }
}

// What a copy has: its total, and whether that is a pass, in words.
export function verdict(bench, { completeness, elsewhere }, levels) {
  const left = levels.filter((level) => level === null).length;
  const given = bench.criteria.reduce((sum, { points }, rank) => sum + (points * (levels[rank] ?? 0)) / 2, 0);
  const other = left === levels.length && elsewhere !== null;
  const quality = other ? elsewhere : given;
  const total = (completeness ?? 0) + quality;
  const rule = `au moins ${bench.pass.total} sur ${bench.points.total}, dont au moins ${bench.pass.quality} sur ${bench.points.quality} pour la qualité`;
  const mine = left === levels.length && !other ? "à donner" : `${french(quality)} sur ${bench.points.quality}`;
  const parts = `Complétude ${french(completeness ?? 0)} sur ${bench.points.total - bench.points.quality}, qualité ${mine}.`;
  const lacking = [
    ...(total < bench.pass.total ? [`${several(bench.pass.total - total, "point")} sur le total`] : []),
    ...(quality < bench.pass.quality ? [`${several(bench.pass.quality - quality, "point")} de qualité`] : []),
  ].join(" et ");
  const sum = `${french(total)} sur ${bench.points.total}`;
  if (left && !other) return { sum, parts, words: `${several(left, "critère")} à donner. Pour réussir\u00a0: ${rule}.`, level: "open" };
  if (lacking) return { sum, parts, words: `Pas encore réussi, il manque ${lacking}. Pour réussir\u00a0: ${rule}.`, level: "missed" };
  return { sum, parts, words: `Réussi\u00a0: ${rule}.`, level: "passed" };
}
