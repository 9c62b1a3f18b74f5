// A quiz on the page: its questions, what they add up to, and whether the lesson has been read.
import { make } from "../dom.js";
import { notebookLink } from "../links.js";
import { anew, QuestionView } from "./question.js";
import { resultsOf } from "./results.js";

class QuizView {
  /** @param {Model} model */
  constructor(model, results) {
    const quiz = model.get("quiz");
    this.model = model;
    this.lesson = quiz.id;
    this.results = results;
    this.questions = quiz.questions.map((question, place) => new QuestionView(question, place + 1, results));
    this.summary = make("p", { class: "course-summary", role: "status" });
    this.end = make("div", { class: "course-quiz-end" });
    this.again = make("button", { type: "button", onclick: () => this.restart() }, "Recommencer le quiz");
    this.read = make("button", { type: "button", onclick: () => results.set("read", !results.read) });
    this.status = make("p", { class: "course-status", role: "status" });
    this.notice = make("p", { class: "course-warning", role: "status" });
    const many = quiz.questions.length;
    this.root = make(
      "section",
      { class: "course-card course-quiz", lang: "fr", "aria-label": `Quiz\u00a0: ${quiz.title}` },
      this.notice,
      make("p", {}, `${many} questions. Chacune dit combien de réponses sont bonnes, et vous avez deux essais. Rien n’est noté.`),
      ...this.questions.map(({ node }) => node),
      make("div", { class: "course-quiz-foot" }, this.summary, this.end, make("div", { class: "course-row" }, this.again, this.read), this.status),
    );
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.draw();
  }

  restart() {
    for (const { question, answer } of this.questions) {
      if (answer.tries || answer.chosen.length) this.results.set(question.key, { chosen: [], checked: false, tries: anew(answer.tries) });
    }
    this.questions[0].choices[0].box.focus();
  }

  draw() {
    for (const question of this.questions) question.draw();
    this.say(this.summary, this.total());
    this.drawEnd();
    this.again.hidden = !this.questions.some(({ answer }) => answer.tries || answer.chosen.length);
    this.read.setAttribute("aria-pressed", this.results.read);
    this.read.textContent = this.results.read ? "✓ J’ai lu cette leçon" : "J’ai lu cette leçon";
    const [level, text] = this.results.status;
    this.say(this.status, text);
    this.status.dataset.level = level;
    this.say(this.notice, this.results.state.notice);
  }

  total() {
    const many = this.questions.length;
    const done = this.questions.filter(({ isShown }) => isShown).length;
    const again = this.questions.filter(({ answer, isShown }) => answer.tries > 0 && !isShown).length;
    if (!done && !again) return "";
    const right = this.questions.filter((question) => question.isRight).length;
    const text = `${done} ${done > 1 ? "questions finies" : "question finie"} sur ${many}, ${right} ${right > 1 ? "justes" : "juste"}`;
    if (again) return `${text}\u202f; ${again} à reprendre.`;
    return right === many ? `${text}. Tout y est.` : `${text}.`;
  }

  // Once each question was answered: what to read again, by section of the lesson.
  drawEnd() {
    const rest = this.questions.filter((question) => !question.isRight);
    const isOver = this.questions.every(({ answer }) => answer.tries > 0);
    const wanted = isOver ? rest : [];
    const state = wanted.map(({ question }) => question.key).join();
    if (state === this.ended) return; // the focus may be on one of its links
    this.ended = state;
    const sections = new Map(); // title -> {cell, numbers}
    for (const question of wanted) {
      const { title, cell } = question.question.section ?? { title: "", cell: "" };
      if (!sections.has(title)) sections.set(title, { cell, numbers: [] });
      sections.get(title).numbers.push(this.questions.indexOf(question) + 1);
    }
    const lines = [...sections].map(([title, { cell, numbers }]) => {
      const about = `${numbers.length > 1 ? "questions" : "question"} ${numbers.join(", ")}`;
      if (!title) return make("li", {}, `Les explications ci-dessus\u00a0: ${about}`);
      return make("li", {}, notebookLink(this.model, `modules/${this.lesson}.ipynb`, title, cell), `\u00a0: ${about}`);
    });
    this.end.replaceChildren(...(lines.length ? [make("p", {}, make("strong", {}, "À relire")), make("ul", {}, ...lines)] : []));
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
    const view = new QuizView(model, results);
    const listener = () => view.draw();
    results.listeners.add(listener);
    el.append(view.root);
    return () => results.listeners.delete(listener);
  },
};
