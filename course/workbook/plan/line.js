// One chosen action: its rank, what became of it in its canvas, and what the plan says of it.
import { conflictGroup } from "../canvas/conflicts.js";
import { make } from "../dom.js";
import { head } from "../session.js";
import { CURRENCY, LABELS, LEVELS, OPTIONS, PRINCIPLES, STATUSES, VERDICTS } from "./facts.js";
import { digits, firstSeen, grouped, seen, shownOf } from "./rows.js";

const QUARTERS = ["t1", "t2", "t3", "t4"];
const GROUPS = [
  { title: "Qui", fields: ["responsible", "partners"] },
  { title: "Avec quoi", fields: ["cost", "funding"] },
  { title: "Comment on le saura", fields: ["indicator", "baseline", "target", "verification", "frequency"] },
];
const FOLLOW_UP = ["achieved", "effect", "obstacle"];
const GONE = "Cette action n’est plus dans son canevas. Ce que vous en avez écrit ici est gardé\u00a0; retirez-la du plan si vous n’en voulez plus.";
const UNKNOWN = "Son canevas ne se laisse pas lire en ce moment\u00a0: voici l’action telle qu’elle était.";
const COST = "Écrivez le coût en chiffres, par exemple 150\u202f000.";
const TOO_LONG = "Trop long\u00a0: seuls les 4\u202f000 premiers caractères s’enregistrent.";

export const nameOf = (field) => {
  const [principle, reason] = field.split("_");
  const { title } = PRINCIPLES.find(({ id }) => id === principle) ?? { title: "" };
  if (title) return reason ? `Pourquoi, ${title}` : title;
  if (QUARTERS.includes(field)) return field.toUpperCase();
  return field === "cost" ? `${LABELS.cost} (${CURRENCY})` : LABELS[field];
};

export class LineView {
  constructor(line, session, acts) {
    this.session = session;
    this.line = line;
    this.acts = acts;
    this.fields = new Map(); // field -> its control
    this.rank = make("b", { class: "course-rank" });
    this.title = make("span", {}, line.action);
    this.conflicts = make("div");
    this.shown = "[]";
    const about = `\u00a0: ${line.action}`;
    const button = (text, label, onclick, key) => make("button", { type: "button", "aria-label": label + about, "data-key": `${key} ${line.row}`, onclick }, text);
    this.up = button("↑", "Monter", () => acts.move(line.row, -1), "up");
    this.down = button("↓", "Descendre", () => acts.move(line.row, 1), "down");
    this.grip = make("span", { class: "course-grip", "aria-hidden": "true", title: "Glisser pour classer" }, "⠿");
    const out = button("Retirer du plan", "Retirer du plan", () => acts.choose(line.row, false), "out");
    this.about = make("p", { class: "course-origin" }, make("b", {}, line.option), ` ${OPTIONS[line.option] ?? ""}`, line.strategy ? make("span", {}, `Stratégie\u00a0: ${line.strategy}`) : "", shownOf(line, "origin") ? make("span", {}, `${LABELS.origin}\u00a0: ${shownOf(line, "origin")}`) : "");
    const levels = make("div", { class: "course-levels" }, ...Object.keys(LEVELS).map((field) => this.level(field)));
    this.more = make("details", { class: "course-more", ontoggle: () => acts.opened(line.row, this.more.open) }, make("summary", {}, "Compléter", make("span", { class: "course-unseen" }, about)));
    // Made when it is opened: a plan may have a hundred actions.
    this.more.addEventListener("toggle", () => this.open());
    this.node = make(
      "li",
      { "data-goal": line.objective[0], "data-row": line.row },
      make("div", { class: "course-line" }, this.grip, this.rank, make("h4", {}, this.title), make("div", { class: "course-moves" }, this.up, this.down)),
      this.about,
      this.change(),
      levels,
      this.more,
      this.conflicts,
      out,
    );
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.grip.addEventListener("pointerdown", (event) => acts.grip(event, line.row));
    if (acts.isOpen(line.row)) {
      this.more.open = true;
      this.open();
    }
  }

  key(event) {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    this.acts.move(this.line.row, event.key === "ArrowUp" ? -1 : 1);
  }

  change() {
    const { change, before, strategy, action } = this.line;
    if (change === "removed" || change === "unknown") return make("p", { class: "course-note" }, change === "removed" ? GONE : UNKNOWN);
    if (!change) return "";
    const lines = Object.entries({ Stratégie: [before.strategy, strategy], Action: [before.action, action] }).filter(([, [was, is]]) => was !== is);
    const texts = lines.flatMap(([name, [was, is]]) => [make("p", {}, `${name}, avant\u00a0: `, make("del", {}, was || "rien")), make("p", {}, `${name}, maintenant\u00a0: `, make("ins", {}, is || "rien"))]);
    const read = make("button", { type: "button", "aria-label": `J’ai vu\u00a0: ${action}`, onclick: () => this.session.write(seen(this.line)) }, "J’ai vu");
    return make("div", { class: "course-note" }, make("p", {}, make("b", {}, "Modifiée depuis dans son canevas")), ...texts, read);
  }

  // ---- fields

  /** @returns {any} */
  control(field, node) {
    node.dataset.key = `${field} ${this.line.row}`;
    this.fields.set(field, node);
    return node;
  }

  get of() {
    return `, action\u00a0: ${this.line.action}`;
  }

  write(field, value) {
    this.session.write([[this.line, field, value], ...firstSeen(this.line)]);
  }

  level(field) {
    const options = LEVELS[field].map((word, number) => make("option", { value: number || "" }, number ? `${number} · ${word}` : "—"));
    const select = this.control(field, make("select", { "aria-label": LABELS[field] + this.of, onchange: () => this.write(field, select.value) }, ...options));
    return make("label", {}, LABELS[field], select);
  }

  open() {
    if (!this.more.open || this.more.querySelector("fieldset")) return;
    const [who, ...others] = GROUPS.map(({ title, fields }) => make("fieldset", { class: fields.length > 2 && "course-wide" }, make("legend", {}, title), ...fields.map((field) => this.text(field))));
    const quarters = make("fieldset", {}, make("legend", {}, "Quand"), make("div", { class: "course-quarters" }, ...QUARTERS.map((field) => this.quarter(field))), this.line.due ? make("p", {}, `Échéance dans le canevas\u00a0: ${this.line.due}`) : "");
    const principles = make("fieldset", { class: "course-principles" }, make("legend", {}, "Les six principes"), ...PRINCIPLES.map(({ id }) => this.principle(id)));
    const later = make("fieldset", { class: "course-wide" }, make("legend", {}, "Trois mois après"), this.status(), ...FOLLOW_UP.map((field) => this.text(field)));
    this.more.append(who, quarters, ...others, principles, later);
    this.update(this.line);
  }

  status() {
    const options = Object.entries(STATUSES).map(([value, word]) => make("option", { value }, word || "—"));
    const select = this.control("status", make("select", { "aria-label": LABELS.status + this.of, onchange: () => this.write("status", select.value) }, ...options));
    return make("label", {}, LABELS.status, select);
  }

  text(field) {
    const area = this.area(field, "", nameOf(field) + this.of);
    return make("label", {}, nameOf(field), area, area.hint);
  }

  area(field, text, label) {
    const area = this.control(field, make("textarea", { rows: 1, "aria-label": label, inputmode: field === "cost" ? "numeric" : undefined }));
    const { row, option, parent } = this.line;
    area.place = { row, option, parent };
    area.field = field;
    area.value = text;
    area.hint = make("p", { class: "course-hint" });
    area.addEventListener("input", () => {
      const value = field === "cost" ? digits(area.value) : area.value;
      this.session.type(this.line, field, value);
      this.hint(area, value);
    });
    area.addEventListener("blur", () => this.session.flush());
    return area;
  }

  hint(area, value) {
    const wrong = area.field === "cost" && !/^\d{0,12}$/.test(value);
    area.hint.textContent = wrong ? COST : head(value) === value ? "" : TOO_LONG;
  }

  quarter(field) {
    const box = this.control(field, make("input", { type: "checkbox", onchange: () => this.write(field, box.checked ? "1" : "") }));
    return make("label", {}, box, make("span", {}, field.toUpperCase()), make("span", { class: "course-unseen" }, this.of));
  }

  principle(id) {
    const options = Object.entries(VERDICTS).map(([value, word]) => make("option", { value }, word || "—"));
    const select = this.control(id, make("select", { "aria-label": nameOf(id) + this.of, onchange: () => this.write(id, select.value) }, ...options));
    const area = this.area(`${id}_reason`, "", nameOf(`${id}_reason`) + this.of);
    return make("div", {}, make("label", {}, nameOf(id), select), make("label", {}, "En une phrase", area, area.hint));
  }

  /** Shows what is there now; what is being typed in is left alone. */
  update(line, rank = 0, total = 0) {
    this.line = line;
    if (rank) this.rank.textContent = `${rank}.`;
    if (rank) this.up.disabled = rank === 1;
    if (rank) this.down.disabled = rank === total;
    for (const [field, node] of this.fields) {
      const value = shownOf(line, field);
      const shown = node.type === "checkbox" ? (node.checked ? "1" : "") : field === "cost" ? digits(node.value) : node.value;
      if (shown === value) continue;
      if (node.type === "checkbox") node.checked = value === "1";
      else node.value = field === "cost" && node !== document.activeElement ? grouped(value) : value;
      if (node.hint) this.hint(node, value);
    }
    this.drawConflicts();
  }

  drawConflicts() {
    const own = this.session.state.conflicts.filter(({ row }) => row === this.line.row);
    if (JSON.stringify(own) === this.shown) return;
    this.shown = JSON.stringify(own);
    this.conflicts.replaceChildren(
      ...own.map((conflict) => {
        const group = conflictGroup(conflict, true, (choice) => {
          this.session.resolve(conflict, choice);
          (this.fields.get(conflict.field) ?? this.up).focus();
        }, nameOf(conflict.field));
        group.prepend(make("b", {}, nameOf(conflict.field))); // it stands below all fields, folded or not
        return group;
      }),
    );
  }
}
