// One question on the page: its choices, a hint at what to think over, then the explanation of each.
//
// An answer that is not right is first told which of its parts to think over; what is right is shown after a second one, or
// on demand. The number of tries says which of the two it is: an odd try is a first one, and what starts anew begins at an
// even number.
import { make } from "../dom.js";
import { inline } from "../inline.js";

const NUMBERS = ["Aucune réponse n’est bonne", "Une seule réponse est bonne", "Deux réponses sont bonnes", "Trois réponses sont bonnes", "Quatre réponses sont bonnes"];
const asked = (wanted) => `${NUMBERS[wanted] ?? `${wanted} réponses sont bonnes`}.`;
const counted = (number, one, many) => `${number} ${number > 1 ? many : one}`;

/** The number of tries with which a question begins anew. */
export const anew = (tries) => tries + (tries % 2);

export class QuestionView {
  constructor(question, number, results) {
    this.question = question;
    this.results = results;
    this.wanted = question.choices.filter(({ right }) => right).length;
    this.group = crypto.getRandomValues(new Uint32Array(2)).join("-"); // this question may be on the page twice
    this.choices = question.choices.map((choice) => this.choice(choice));
    this.verdict = make("p", { class: "course-verdict", tabindex: "-1" });
    this.button = make("button", { type: "button", class: "course-main", onclick: () => this.press() });
    this.solve = make("button", { type: "button", onclick: () => this.show() }, "Voir les réponses");
    this.node = make(
      "fieldset",
      { class: "course-quiz-question" },
      make("legend", {}, `${number}. `, ...inline(question.text)),
      make("p", { class: "course-ask" }, asked(this.wanted)),
      make("ul", { class: "course-choices" }, ...this.choices.map((choice) => choice.node)),
      this.verdict,
      make("div", { class: "course-row" }, this.button, this.solve),
    );
    this.draw();
  }

  choice(choice) {
    const type = this.wanted === 1 ? "radio" : "checkbox";
    const box = make("input", { type, name: this.group, onchange: () => this.tick() });
    const comment = make("p", { class: "course-explanation" });
    const label = make("label", {}, box, make("span", {}, ...inline(choice.text)));
    return { ...choice, box, comment, node: make("li", {}, label, comment) };
  }

  get answer() {
    return this.results.of(this.question.key);
  }

  get ticked() {
    return this.choices.flatMap(({ box, place }) => (box.checked ? [place] : [])).sort((one, other) => one - other);
  }

  get isRight() {
    const { checked, chosen } = this.answer;
    return checked && this.choices.every(({ right, place }) => right === chosen.includes(place));
  }

  get isShown() {
    const { checked, tries } = this.answer;
    return checked && (this.isRight || tries % 2 === 0);
  }

  tick() {
    this.results.set(this.question.key, { ...this.answer, chosen: this.ticked, checked: false });
  }

  press() {
    const { tries, checked } = this.answer;
    if (this.isShown) {
      this.results.set(this.question.key, { chosen: [], checked: false, tries: anew(tries) });
      this.choices[0].box.focus();
      return;
    }
    if (!this.ticked.length) this.verdict.textContent = "Choisissez d’abord une réponse, puis vérifiez.";
    else if (!checked) this.results.set(this.question.key, { chosen: this.ticked, checked: true, tries: tries + 1 });
    // Not the button: it may now say something else, and a second press would wipe the answer out.
    this.verdict.focus();
  }

  show() {
    this.results.set(this.question.key, { chosen: this.ticked, checked: true, tries: anew(this.answer.tries) });
    this.verdict.focus();
  }

  draw() {
    const { chosen, checked } = this.answer;
    const isShown = this.isShown;
    for (const { box, comment, node, right, explanation, place } of this.choices) {
      box.checked = chosen.includes(place);
      box.disabled = isShown;
      node.dataset.right = isShown ? right : "";
      node.dataset.again = checked && !isShown && box.checked && !right;
      if (isShown) comment.replaceChildren(make("strong", {}, this.mark(box.checked, right)), " ", ...inline(explanation));
      else comment.replaceChildren(node.dataset.again === "true" ? "À repenser." : "");
    }
    this.solve.hidden = !checked || isShown;
    this.button.disabled = checked && !isShown; // until the choice changes
    this.button.textContent = isShown ? "Recommencer cette question" : "Vérifier ma réponse";
    this.button.classList.toggle("course-main", !isShown);
    const text = checked ? (isShown ? this.judgement() : this.advice()) : "";
    if (this.verdict.textContent !== text) this.verdict.textContent = text;
    this.verdict.dataset.found = checked ? this.isRight : "";
  }

  mark(isChosen, right) {
    const verdict = right ? "✓ Bonne réponse" : "✗ Pas une bonne réponse";
    return verdict + (isChosen ? ", que vous aviez choisie." : right ? ", que vous n’aviez pas choisie." : ".");
  }

  get missed() {
    return this.choices.filter(({ right, box }) => right && !box.checked).length;
  }

  get extra() {
    return this.choices.filter(({ right, box }) => !right && box.checked).length;
  }

  // Before what is right is shown.
  advice() {
    const next = "Changez votre choix, puis vérifiez une seconde fois.";
    if (this.wanted === 1) return `✗ Pas encore. ${next}`;
    const { missed, extra } = this;
    const found = this.wanted - missed;
    const parts = [
      found ? `${counted(found, "bonne réponse cochée", "bonnes réponses cochées")} sur ${this.wanted}` : "aucune des réponses cochées n’est bonne",
      found && extra && counted(extra, "réponse cochée est à repenser", "réponses cochées sont à repenser"),
      missed > extra && `il en manque ${missed - extra}`,
    ];
    return `✗ Pas encore\u00a0: ${parts.filter(Boolean).join("\u202f; ")}. ${next}`;
  }

  judgement() {
    if (this.isRight) return this.wanted > 1 ? `✓ C’est cela\u00a0: les ${this.wanted} bonnes réponses, et elles seules.` : "✓ C’est cela.";
    if (this.wanted === 1) return "✗ Ce n’était pas cela\u00a0: lisez pourquoi.";
    const { missed, extra } = this;
    const parts = [
      missed && counted(missed, "bonne réponse manque", "bonnes réponses manquent"),
      extra && counted(extra, "réponse est de trop", "réponses sont de trop"),
    ];
    return `✗ Pas tout à fait\u00a0: ${parts.filter(Boolean).join(", ")}.`;
  }
}
