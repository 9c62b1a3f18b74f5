// The form itself: a group's name, and a line for each person.
import { showStatus } from "../bar.js";
import { make } from "../dom.js";

const MOST = 40; // as in course/core/team.py
const LONGEST = 120;

export class TeamForm {
  constructor(who) {
    this.who = who;
    this.drawn = who.drawn;
    this.owner = make("p", { class: "course-owner" });
    this.group = this.field("Nom du groupe, si vous en avez un");
    this.people = make("ol", { class: "course-people" });
    this.more = make("button", { type: "button", onclick: () => this.add().focus() }, "Ajouter une personne");
    this.undo = make("button", { type: "button", hidden: "", onclick: () => this.restore() });
    this.status = make("p", { class: "course-status" }); // read aloud by the page's bar
    this.rest = make("p", { role: "status" }); // pasted names for which there is no line
    this.asked = make("p", { role: "alert" });
    this.question = make(
      "div",
      { class: "course-warning" },
      this.asked,
      make(
        "div",
        { class: "course-row" },
        make("button", { type: "button", onclick: () => this.who.answer("correction") }, "C’est une correction\u00a0: ce classeur est le nôtre"),
        make("button", { type: "button", onclick: () => this.who.answer("others") }, "Ce sont d’autres personnes"),
      ),
    );
    this.node = make(
      "div",
      { class: "course-team" },
      this.group.label,
      make("fieldset", {}, make("legend", {}, "Qui est là\u202f?"), this.people),
      this.rest,
      make("div", { class: "course-row" }, this.more, this.undo),
      make("div", { class: "course-row" }, this.status),
      this.owner,
    );
    this.draw();
    this.say();
  }

  // ---- fields

  field(text) {
    const name = make("span", {}, text);
    const input = make("input", { type: "text", maxlength: LONGEST, autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => this.type());
    input.addEventListener("change", () => this.who.flush());
    return { name, input, label: make("label", {}, name, input) };
  }

  get inputs() {
    return [...this.people.querySelectorAll("input")];
  }

  add(value = "", at = this.people.children.length) {
    const { name, input, label } = this.field("");
    const remove = make("button", { type: "button", onclick: () => this.remove(item) }, "Retirer");
    const item = make("li", {}, label, remove);
    item.name = name;
    item.remover = remove;
    input.value = value;
    input.addEventListener("input", () => this.number());
    input.addEventListener("keydown", (event) => this.enter(event, item));
    input.addEventListener("paste", (event) => this.paste(event, item));
    this.people.insertBefore(item, this.people.children[at] ?? null);
    this.number();
    return input;
  }

  number() {
    [...this.people.children].forEach((item, index) => {
      const called = item.querySelector("input").value.trim() || `la personne ${index + 1}`;
      item.name.textContent = `Personne ${index + 1}`;
      item.remover.setAttribute("aria-label", `Retirer ${called}`);
      item.remover.hidden = this.people.children.length === 1;
    });
    this.more.disabled = this.people.children.length >= MOST;
  }

  type() {
    this.who.set(this.group.input.value, this.inputs.map((input) => input.value));
  }

  enter(event, item) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const next = item.nextElementSibling?.querySelector("input");
    if (next) next.focus();
    else if (item.querySelector("input").value.trim() && !this.more.disabled) this.add().focus();
  }

  // A list of names from a message or a spreadsheet: a line for each.
  paste(event, item) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const names = text.split(/[\n\r\t;]+/).map((name) => name.trim()).filter(Boolean);
    if (names.length < 2) return;
    event.preventDefault();
    const input = item.querySelector("input");
    let at = [...this.people.children].indexOf(item);
    if (!input.value.trim()) input.value = names.shift();
    for (const name of names.splice(0, MOST - this.people.children.length)) this.add(name, ++at);
    this.rest.textContent = names.length ? `${MOST} personnes au plus. Sans place\u00a0: ${names.join(", ")}.` : "";
    this.number();
    this.people.children[at].querySelector("input").focus();
    this.type();
  }

  remove(item) {
    const index = [...this.people.children].indexOf(item);
    const name = item.querySelector("input").value;
    item.remove();
    this.number();
    this.removed = name.trim() ? { index, name } : null;
    this.offer();
    this.type();
    this.who.flush();
    (this.removed ? this.undo : this.inputs[Math.min(index, this.inputs.length - 1)]).focus();
  }

  offer() {
    this.undo.hidden = !this.removed;
    this.undo.textContent = this.removed ? `Remettre ${this.removed.name}` : "";
  }

  restore() {
    if (!this.removed) return;
    const { index, name } = this.removed;
    this.removed = null;
    this.offer();
    this.add(name, index).focus();
    this.type();
    this.who.flush();
  }

  // ---- what is on disk

  draw() {
    const { group, members } = this.who.typed ?? this.who.team;
    const filled = this.inputs.map((input) => input.value.trim()).filter(Boolean);
    if (this.people.children.length && group === this.group.input.value.trim() && filled.join("\n") === members.join("\n")) return;
    this.group.input.value = group;
    this.people.replaceChildren();
    for (const name of members.length ? members : [""]) this.add(name);
  }

  update() {
    const { typed, drawn } = this.who;
    const changed = drawn !== this.drawn;
    if (changed) {
      this.drawn = drawn;
      this.removed = null;
      this.offer();
    }
    const answering = this.question.contains(document.activeElement);
    if (changed || (!typed && !this.node.contains(document.activeElement))) this.draw();
    this.say();
    if (answering && !this.question.isConnected) this.group.input.focus();
  }

  say() {
    const { asked } = this.who;
    if (this.question.isConnected !== Boolean(asked)) {
      if (asked) this.more.parentElement.after(this.question);
      else this.question.remove();
    }
    const question = asked
      ? `Ce classeur contient les réponses de\u00a0: ${asked}. Est-ce une correction de leurs noms, ou d’autres personnes travaillent-elles maintenant\u202f? ` +
        "Tant que vous n’avez pas répondu, leurs noms restent, et rien ne peut être remis."
      : "";
    if (this.asked.textContent !== question) this.asked.textContent = question;
    const [level, text] = this.who.status;
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.level = level === "alarm" ? level : "calm";
    showStatus(this.who, [level, level === "alarm" ? `Qui travaille\u202f? ${text}` : text]);
    this.owner.textContent = this.who.team.owner;
  }
}
