// The comment, and under it the bank: texts written before, filtered by the sentence being typed.
import { make } from "../../workbook/dom.js";

const SHOWN = 5;
const NEARLY = 500; // the number of remaining characters is shown below this
const ENDS = /[.!?…»\n]\s+|\n/g;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Comment {
  constructor(name, longest, { give, forget }) {
    this.longest = longest;
    this.give = give;
    this.forget = forget;
    this.phrases = [];
    this.area = make("textarea", { id: `${name}-comment`, rows: "3", maxlength: String(longest), "aria-describedby": `${name}-hint`, oninput: () => this.typed(true) });
    this.room = make("span", { class: "course-room" });
    this.list = make("ul", { class: "course-phrases", "aria-label": "Vos commentaires déjà écrits", onkeydown: (event) => this.walk(event) });
    this.hint = make("p", { class: "course-pilot", id: `${name}-hint` });
    this.node = make(
      "div",
      { class: "course-comment" },
      make("label", { for: `${name}-comment` }, "Commentaire, que la personne lira"),
      this.area,
      this.room,
      this.hint,
      this.list,
    );
    this.area.addEventListener("keydown", (event) => this.down(event));
    for (const event of ["click", "keyup"]) this.area.addEventListener(event, () => this.suggest());
  }

  // Show the copy's comment, without replacing equivalent text that the reviewer is typing.
  draw(text) {
    if (this.area.value.trim() !== text.trim() || document.activeElement !== this.area) this.area.value = text;
    this.typed(false);
  }

  typed(mine) {
    if (mine) this.give(this.area.value);
    const left = this.longest - this.area.value.length;
    this.room.textContent = left < NEARLY ? `Encore ${left} caractères` : "";
    this.suggest();
  }

  offer(phrases) {
    this.phrases = phrases;
    this.suggest();
  }

  // ---- the bank

  // The start and the text of the sentence being typed.
  get sentence() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const start = [...before.matchAll(ENDS)].reduce((_, end) => end.index + end[0].length, 0);
    return { start, text: before.slice(start) };
  }

  suggest() {
    const words = plain(this.sentence.text).split(/\s+/).filter(Boolean);
    const written = plain(this.area.value);
    const matches = this.phrases.filter((phrase) => {
      const text = plain(phrase);
      return !written.includes(text) && words.every((word) => text.includes(word));
    });
    const shown = matches.slice(0, SHOWN);
    const key = JSON.stringify(shown);
    this.hint.textContent = this.phrases.length ? "Flèche bas, en fin de texte\u00a0: reprendre un commentaire déjà écrit." : "";
    if (key === this.drawn) return; // redrawing would lose a focus in the list
    this.drawn = key;
    this.list.replaceChildren(...shown.map((phrase) => this.item(phrase)));
    this.list.hidden = !shown.length;
  }

  item(phrase) {
    const use = make("button", { type: "button", class: "course-phrase", onclick: () => this.insert(phrase) }, phrase);
    const name = `Ne plus proposer\u00a0: ${phrase}`;
    const drop = make("button", { type: "button", class: "course-drop", "aria-label": name, title: "Ne plus proposer", onclick: () => this.remove(phrase) }, "×");
    return make("li", {}, use, drop);
  }

  insert(phrase) {
    const { area, sentence } = this;
    const at = area.selectionStart;
    const [before, after] = [area.value.slice(0, sentence.start), area.value.slice(at)];
    const gap = before && !/\s$/.test(before) ? " " : "";
    const text = `${before}${gap}${phrase}`;
    area.focus();
    if (text.length + after.length > this.longest) return;
    area.value = `${text}${after && !/^\s/.test(after) ? " " : ""}${after}`;
    area.setSelectionRange(text.length, text.length);
    this.typed(true);
  }

  async remove(phrase) {
    this.area.focus();
    await this.forget(phrase);
  }

  // ---- keys: arrow down from the end of the text into the list, arrow up back to the text

  down(event) {
    const first = this.list.querySelector("button");
    if (event.key !== "ArrowDown" || !first || this.area.selectionStart !== this.area.value.length) return;
    event.preventDefault();
    first.focus();
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.list.querySelectorAll(".course-phrase")];
    const here = buttons.findIndex((button) => button.parentNode.contains(event.target));
    (buttons[here + step] ?? (step < 0 ? this.area : buttons[here])).focus();
  }
}
