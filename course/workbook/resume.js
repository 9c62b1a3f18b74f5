// « Reprendre »: a file from this computer or another one, brought back into this workbook.
import { make } from "./dom.js";
import { unsaved } from "./unsaved.js";

const LARGEST = 16 * 1024 * 1024; // as in course/documents/incoming.py; a hand-in has half of it at most

export class Resume {
  /**
   * @param {import("./link.js").Link} link
   * @param {string} title
   * @param {string} text
   * @param {(holder: any) => boolean} isPart whether what a session holds is saved first
   * @param {(objectives: string[]) => void} after what follows, with the canvases that came in
   */
  constructor(link, title, text, isPart, after) {
    this.link = link;
    this.isPart = isPart;
    this.after = after;
    this.input = make("input", { type: "file", accept: ".zip,.json,.docx,.xlsx,.csv", hidden: "", tabindex: "-1", "aria-hidden": "true" });
    this.input.addEventListener("change", () => this.pick());
    this.button = make("button", { type: "button", onclick: () => this.input.click() }, "Choisir le fichier…");
    this.status = make("div", { class: "course-report", role: "status" });
    this.question = make("div", { class: "course-question", tabindex: "-1", hidden: "" });
    this.node = make(
      "details",
      {},
      make("summary", {}, title),
      make("p", {}, `${text} Rien de ce qui est écrit ici ne se perd.`),
      make("div", { class: "course-row" }, this.button, this.input),
      this.question,
      this.status,
    );
  }

  async pick() {
    const [file] = this.input.files;
    this.input.value = ""; // the same file may be chosen again
    if (!file) return;
    if (file.size > LARGEST) return this.say(`«\u202f${file.name}\u202f» dépasse 16 Mio\u00a0: ce n’est pas un fichier du cours.`);
    try {
      await this.send(file.name, await file.arrayBuffer(), false);
    } catch {
      this.say(`«\u202f${file.name}\u202f» ne se laisse pas lire\u00a0: choisissez-le de nouveau.`);
    }
  }

  async send(name, content, sure) {
    this.ask(null);
    this.say("Lecture…");
    this.button.disabled = true;
    let answer;
    try {
      await unsaved().settle(this.isPart);
      [answer] = await this.link.ask("resume", { name, sure }, [content]);
    } catch {
      return this.say("Le cours ne répond pas\u00a0: rien n’est repris. Attendez un instant, puis recommencez.");
    } finally {
      this.button.disabled = false;
    }
    if (answer.question) return this.ask(answer.question, () => this.send(name, content, true));
    this.say(...answer.lines);
    this.after(answer.objectives);
  }

  ask(text, yes) {
    this.question.hidden = !text;
    if (!text) return;
    this.say();
    const stop = () => {
      this.ask(null);
      this.say("Rien n’est repris.");
      this.button.focus();
    };
    this.question.replaceChildren(
      make("p", {}, text),
      make(
        "div",
        { class: "course-row" },
        make("button", { type: "button", onclick: stop }, "Ne rien changer"),
        make("button", { type: "button", onclick: yes }, "Reprendre quand même"),
      ),
    );
    this.question.focus();
  }

  say(...lines) {
    this.status.replaceChildren(...lines.map((line) => make("p", {}, line)));
  }
}
