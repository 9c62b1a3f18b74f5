// One question on the page: its answers to tick, then the explanation of each.
import { make } from "../dom.js";
import { inline } from "../inline.js";

const counted = (number, one, many) => `${number} ${number > 1 ? many : one}`;

export class QuestionView {
  constructor(question, number, results) {
    this.question = question;
    this.results = results;
    this.choices = question.choices.map((choice) => this.choice(choice));
    this.verdict = make("p", { class: "course-verdict", tabindex: "-1" });
    this.button = make("button", { type: "button", class: "course-main", onclick: () => this.press() });
    this.node = make(
      "fieldset",
      { class: "course-quiz-question" },
      make("legend", {}, `${number}. `, ...inline(question.text)),
      make("ul", { class: "course-choices" }, ...this.choices.map((choice) => choice.node)),
      this.verdict,
      make("div", { class: "course-row" }, this.button),
    );
    this.draw();
  }

  choice(choice) {
    const box = make("input", { type: "checkbox", onchange: () => this.tick() });
    const comment = make("p", { class: "course-explanation" });
    const label = make("label", {}, box, make("span", {}, ...inline(choice.text)));
    return { ...choice, box, comment, node: make("li", {}, label, comment) };
  }

  get answer() {
    return this.results.of(this.question.key);
  }

  get ticked() {
    return this.choices.flatMap(({ box }, place) => (box.checked ? [place] : []));
  }

  get isRight() {
    const { checked, chosen } = this.answer;
    return checked && this.choices.every(({ right }, place) => right === chosen.includes(place));
  }

  tick() {
    this.results.set(this.question.key, { ...this.answer, chosen: this.ticked, checked: false });
  }

  press() {
    const { checked, tries } = this.answer;
    if (checked) {
      this.results.set(this.question.key, { chosen: [], checked: false, tries });
      this.choices[0].box.focus();
    } else if (!this.ticked.length) {
      this.verdict.textContent = "Cochez au moins une réponse, puis vérifiez.";
      this.verdict.focus();
    } else {
      this.results.set(this.question.key, { chosen: this.ticked, checked: true, tries: tries + 1 });
      // Not the button: it now says something else, and a second press would wipe the answer out.
      this.verdict.focus();
    }
  }

  draw() {
    const { chosen, checked } = this.answer;
    this.choices.forEach(({ box, comment, node, right, explanation }, place) => {
      box.checked = chosen.includes(place);
      box.disabled = checked;
      node.dataset.right = checked ? right : "";
      if (!checked) return comment.replaceChildren();
      const verdict = right ? "✓ Bonne réponse" : "✗ Pas une bonne réponse";
      const yours = box.checked ? ", que vous aviez cochée." : right ? ", que vous n’aviez pas cochée." : ".";
      comment.replaceChildren(make("strong", {}, verdict + yours), " ", ...inline(explanation));
    });
    this.button.textContent = checked ? "Réessayer" : "Vérifier ma réponse";
    this.button.classList.toggle("course-main", !checked);
    const text = checked ? this.judgement() : "";
    if (this.verdict.textContent !== text) this.verdict.textContent = text;
    this.verdict.dataset.found = checked ? this.isRight : "";
  }

  judgement() {
    const wanted = this.choices.filter(({ right }) => right).length;
    if (this.isRight) return wanted > 1 ? `✓ C’est cela\u00a0: les ${wanted} bonnes réponses, et elles seules.` : "✓ C’est cela.";
    const missed = this.choices.filter(({ right, box }) => right && !box.checked).length;
    const extra = this.choices.filter(({ right, box }) => !right && box.checked).length;
    const parts = [
      missed && counted(missed, "bonne réponse manque", "bonnes réponses manquent"),
      extra && counted(extra, "réponse est de trop", "réponses sont de trop"),
    ];
    return `✗ Pas tout à fait\u00a0: ${parts.filter(Boolean).join(", ")}.`;
  }
}
