// One sitting of the test, before the course or after it: one answer a question, and nothing of what is right before the end.
//
// What is right is not on the page while questions can be answered: it comes with the state once the last sitting has
// ended. The total is the kernel's.
import { make } from "../dom.js";
import { inline } from "../inline.js";
import { resultsOf } from "./results.js";

const WORDS = {
  before: {
    title: "Test de départ",
    intro: "À faire avant la formation. Les bonnes réponses ne sont pas données maintenant\u00a0: elles viendront avec le test final.",
    ended: "Test terminé. Vos réponses sont enregistrées. Votre total et les bonnes réponses viendront avec le test final, après la formation.",
  },
  after: {
    title: "Test final",
    intro: "À faire après la formation. Ce sont les mêmes questions qu’au départ. À la fin, vous verrez vos deux totaux et les explications.",
    ended: "Test terminé.",
  },
};
const CAUTION = "Une part de la différence peut venir de ce que vous aviez déjà lu ces questions. Ce test ne note personne.";

const questionsOf = (number) => (number > 1 ? `${number} bonnes réponses` : `${number} bonne réponse`);

function totals({ before, after, of }) {
  if (before === null) return `Votre total\u00a0: ${after} sur ${of}. Il n’y a pas de réponse au test de départ dans ce classeur\u00a0: la différence ne peut pas être comptée.`;
  const gain = after - before;
  const change = gain ? `${questionsOf(Math.abs(gain))} de ${gain > 0 ? "plus" : "moins"} qu’au départ.` : "Le même total qu’au départ.";
  return `Avant la formation\u00a0: ${before} sur ${of}. Après\u00a0: ${after} sur ${of}. ${change}`;
}

class ItemView {
  constructor(question, number, results, changed) {
    const group = crypto.getRandomValues(new Uint32Array(2)).join("-"); // this question may be on the page twice
    this.key = question.key;
    this.results = results;
    this.choices = question.choices.map(({ place, text }) => {
      const box = make("input", {
        type: "radio",
        name: group,
        onchange: () => {
          changed();
          results.set(this.key, { chosen: [place], checked: true, tries: 1 });
        },
      });
      const explanation = make("p", { class: "course-explanation" });
      const label = make("label", {}, box, make("span", {}, ...inline(text)));
      return { place, box, explanation, node: make("li", {}, label, explanation) };
    });
    this.node = make(
      "fieldset",
      { class: "course-quiz-question" },
      make("legend", {}, `${number}. `, ...inline(question.text)),
      make("ul", { class: "course-choices" }, ...this.choices.map(({ node }) => node)),
    );
  }

  get answered() {
    return this.results.of(this.key).chosen.length > 0;
  }

  draw(ended, solution) {
    const { chosen } = this.results.of(this.key);
    for (const { place, box, explanation, node } of this.choices) {
      box.checked = chosen.includes(place);
      box.disabled = ended;
      const { right, text } = solution?.[place] ?? {};
      node.dataset.right = right ?? "";
      explanation.replaceChildren();
      if (right === undefined) continue;
      const yours = box.checked ? ", que vous aviez choisie." : ".";
      const verdict = (right ? "✓ Bonne réponse" : "✗ Pas la bonne réponse") + yours;
      explanation.append(make("strong", {}, verdict), " ", ...inline(text));
    }
  }
}

class SittingView {
  constructor(quiz, results) {
    this.results = results;
    this.words = WORDS[quiz.sitting];
    this.items = quiz.questions.map((question, place) => new ItemView(question, place + 1, results, () => this.reconsider()));
    this.start = make("button", { type: "button", class: "course-main", onclick: () => this.begin() }, "Commencer le test");
    this.body = make("div", {}, ...this.items.map(({ node }) => node));
    this.count = make("p", { class: "course-summary", role: "status" });
    this.warning = make("p", { class: "course-warning", tabindex: "-1" });
    this.end = make("button", { type: "button", class: "course-main", onclick: () => this.finish() }, "Terminer le test");
    this.outcome = make("p", { class: "course-done", tabindex: "-1", role: "status" });
    this.status = make("p", { class: "course-status", role: "status" });
    this.notice = make("p", { class: "course-warning", role: "status" });
    const rules = `${quiz.questions.length} questions, une seule bonne réponse à chacune. Si vous ne savez pas, passez à la suivante. Rien n’est noté.`;
    this.intro = make("div", {}, make("p", {}, this.words.intro), make("p", {}, rules));
    this.root = make(
      "section",
      { class: "course-card course-quiz", lang: "fr", "aria-label": this.words.title },
      this.notice,
      this.intro,
      make("div", { class: "course-row" }, this.start),
      this.outcome,
      this.body,
      make("div", { class: "course-quiz-foot" }, this.count, this.warning, make("div", { class: "course-row" }, this.end), this.status),
    );
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.draw();
  }

  begin() {
    this.begun = true;
    this.draw();
    this.items[0].choices[0].box.focus();
  }

  reconsider() {
    this.sure = false;
    this.warning.textContent = "";
  }

  finish() {
    const left = this.items.flatMap((item, place) => (item.answered ? [] : [place + 1]));
    if (left.length && !this.sure) {
      this.sure = true;
      this.warning.textContent = `Sans réponse\u00a0: ${left.join(", ")}. Répondez-y, ou appuyez encore une fois sur «\u202fTerminer le test\u202f».`;
      this.warning.focus();
      return;
    }
    this.reconsider();
    this.results.set("read", true);
    this.outcome.focus();
  }

  draw() {
    const { read: ended, state } = this.results;
    const done = this.items.filter((item) => item.answered).length;
    const begun = this.begun || ended || done > 0;
    const outcome = ended ? state.outcome : null;
    this.items.forEach((item) => item.draw(ended, outcome?.solutions[item.key]));
    this.intro.hidden = ended;
    this.start.hidden = begun;
    this.body.hidden = !begun || (ended && !outcome);
    this.end.hidden = !begun || ended;
    this.outcome.hidden = !ended;
    this.say(this.outcome, ended ? [this.words.ended, ...(outcome ? [totals(outcome), CAUTION] : [])].join(" ") : "");
    this.say(this.count, begun && !ended ? `${done} ${done > 1 ? "réponses" : "réponse"} sur ${this.items.length}.` : "");
    const [level, text] = this.results.status;
    this.say(this.status, text);
    this.status.dataset.level = level;
    this.say(this.notice, state.notice);
  }

  say(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}

export default {
  /** @param {Context} context */
  initialize({ model }) {
    return resultsOf(model.get("quiz").id, model.get("state")).attach(model, model.get("state"));
  },
  /** @param {Context} context */
  render({ model, el }) {
    const results = resultsOf(model.get("quiz").id, model.get("state"));
    const view = new SittingView(model.get("quiz"), results);
    const listener = () => view.draw();
    results.listeners.add(listener);
    el.append(view.root);
    return () => results.listeners.delete(listener);
  },
};
