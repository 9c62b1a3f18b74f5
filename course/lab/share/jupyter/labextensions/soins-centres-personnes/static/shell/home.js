// The home page: go on, who works, the five goals and the other lessons, as far as each has got.
import { place } from "./course.js";
import { hidden, make } from "./make.js";

/**
 * @param {import("./course.js").Course} course
 * @param {(path: string, hash?: string) => string} url the address of a page
 */
export function home(course, url) {
  const node = make("div", { class: "course-home", lang: "fr" });
  draw(node, course, url);
  return node;
}

/** Draws it anew where something has changed; the focus stays. */
export function draw(node, course, url) {
  const state = JSON.stringify([course.marks, course.team, course.last]);
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  const focused = node.contains(document.activeElement) && document.activeElement?.getAttribute("href");
  const goals = Object.keys(course.goals).filter((goal) => course.pages.some((page) => page.goal === goal));
  node.replaceChildren(
    make(
      "div",
      { class: "course-welcome" },
      make(
        "div",
        { class: "course-flow" },
        make("h1", {}, "Soins centrés sur les personnes"),
        make("p", { class: "course-lead" }, "Qu’est-ce qui change, dans votre centre, quand on part de la personne et non de sa maladie\u202f? Un cours, et le cahier où vous écrivez votre plan à plusieurs."),
        goOn(course, url),
      ),
      who(course, url),
    ),
    make(
      "section",
      { "aria-labelledby": "course-goals" },
      make("h2", { id: "course-goals" }, "Les cinq buts"),
      make("p", {}, "Ils se tiennent entre eux. Commencez par le premier, ou par celui qu’on vous a confié."),
      make("ol", { class: "course-goals" }, ...goals.map((goal) => goalCard(course, url, goal)), around(course, url)),
    ),
    make("p", { class: "course-over" }, "D’après les diapositives du Pr Drabo K. Maxime et du Dr Nana W. Félicité. Ce cours n’est pas un produit de l’OMS. Textes\u00a0: licence CC BY 4.0."),
  );
  if (focused) node.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

const button = (href, text, name = "course-button") => make("a", { class: name, href }, text);

function goOn(course, url) {
  const last = course.last;
  const page = last && course.at(last.path);
  const part = page?.parts.find(({ cell }) => place(cell) === last.hash);
  const first = course.pages.find(({ kind }) => kind === "lecon") ?? course.pages[0];
  const [title, text, link] = page
    ? ["Continuer là où vous étiez", part?.title ?? page.title, button(url(last.path, last.hash), "Continuer", "course-button course-main")]
    : ["Commencer", `La première leçon\u00a0: ${first.title}.`, button(url(first.path), "Commencer", "course-button course-main")];
  return make(
    "section",
    { class: "course-continue", "data-goal": page?.goal || undefined, "aria-labelledby": "course-go-on" },
    make("h2", { id: "course-go-on" }, title),
    make("p", {}, text),
    make("div", { class: "course-row" }, link),
  );
}

function who(course, url) {
  const welcome = course.pages.find(({ kind }) => kind === "bienvenue");
  if (!welcome) return null;
  return make(
    "section",
    { class: "course-card", "aria-labelledby": "course-who" },
    make("h2", { id: "course-who" }, "Qui travaille\u202f?"),
    make("p", {}, course.team || "Personne n’a encore donné de nom. Vos noms accompagnent ce que vous remettez."),
    make("div", { class: "course-row" }, button(url(welcome.path, place("equipe")), course.team ? "Changer les noms" : "Donner vos noms")),
    make("p", { class: "course-over" }, "Vos réponses restent sur cet ordinateur. Si le courant saute, rouvrez le cours et continuez."),
    make("p", { class: "course-over" }, make("a", { href: url(welcome.path, place("parcours")) }, "Un jour, trois jours ou cinq jours\u00a0: quel chemin suivre")),
  );
}

function goalCard(course, url, goal) {
  const pages = course.pages.filter((page) => page.goal === goal);
  const lesson = pages.find(({ kind }) => kind === "lecon");
  const exercise = pages.find(({ kind }) => kind === "cahier");
  const mark = exercise && course.mark(exercise.path);
  const read = lesson && (course.mark(lesson.path).done ? "Leçon lue" : "Leçon à lire");
  return make(
    "li",
    { "data-goal": goal },
    make("h3", {}, make("span", { class: "course-goal-mark", "aria-hidden": "true" }, goal), make("span", {}, hidden(`But ${goal}\u00a0: `), course.goals[goal])),
    make("p", { class: "course-over" }, [read, mark?.note].filter(Boolean).join(" · ")),
    exercise && bar(course, exercise, goal),
    exercise && make("ul", {}, ...exercise.parts.map((part) => make("li", {}, objective(course, url, exercise, part)))),
    make(
      "div",
      { class: "course-row" },
      lesson && make("a", { class: "course-button course-small", href: url(lesson.path) }, "Leçon", hidden(` du but ${goal}`)),
      exercise && make("a", { class: "course-button course-small", href: url(exercise.path) }, "Cahier", hidden(` du but ${goal}`)),
    ),
  );
}

function bar(course, exercise, goal) {
  const done = exercise.parts.filter(({ cell }) => course.mark(exercise.path, cell).done).length;
  const label = `Canevas remplis du but ${goal}`;
  return make("progress", { max: exercise.parts.length, value: done, "aria-label": label }, `${done} sur ${exercise.parts.length}`);
}

function objective(course, url, page, { cell, title }) {
  const { done, begun } = course.mark(page.path, cell);
  const [sign, words] = done ? ["✓", ", rempli"] : begun ? ["◐", ", commencé"] : ["○", ""];
  return make("a", { href: url(page.path, place(cell)) }, make("span", { "aria-hidden": "true" }, sign), make("span", {}, title, hidden(words)));
}

function around(course, url) {
  const pages = course.pages.filter(({ kind, goal }) => !goal && ["lecon", "plan", "bilan"].includes(kind));
  const item = (page) => {
    const { done } = course.mark(page.path);
    return make("li", {}, make("a", { href: url(page.path) }, make("span", { class: "course-tick", "aria-hidden": "true" }, done ? "✓" : ""), make("span", {}, page.title, hidden(done ? ", fait" : ""))));
  };
  return make("li", { class: "course-around" }, make("h3", {}, "Avant les buts, et après"), make("ul", {}, ...pages.map(item)));
}
