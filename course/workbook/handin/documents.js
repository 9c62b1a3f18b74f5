// « Word, Excel »: the canvases of the goal as a document, saved beside the workbook and offered to download.
import { make } from "../dom.js";
import { settle } from "../link.js";

const TYPES = {
  docx: ["Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  xlsx: ["Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
};

export class Documents {
  constructor(link, goal) {
    this.link = link;
    this.goal = goal;
    this.url = "";
    this.status = make("div", { class: "course-report", role: "status" });
    this.buttons = Object.entries(TYPES).map(([form, [name]]) => make("button", { type: "button", onclick: () => this.write(form) }, name));
    this.node = make(
      "details",
      {},
      make("summary", {}, "Emporter le cahier dans Word ou dans Excel"),
      make("p", {}, "Ce que vous y changez revient ici par «\u202fReprendre une remise\u202f»\u00a0: deux textes qui diffèrent sont gardés tous les deux."),
      make("div", { class: "course-row" }, ...this.buttons),
      this.status,
    );
  }

  async write(form) {
    const [name, type] = TYPES[form];
    this.close();
    this.say("Un instant…");
    for (const button of this.buttons) button.disabled = true;
    try {
      const unsaved = await settle(this.goal);
      const [answer, buffers] = await this.link.ask("document", { form });
      if (answer.reason) return this.say(answer.reason);
      this.url = URL.createObjectURL(new Blob([buffers[0]], { type }));
      const missing = unsaved.map((canvas) => make("p", {}, `Le canevas ${canvas} n’est pas encore enregistré\u00a0: ce que vous venez d’y écrire manque.`));
      const file = make("a", { class: "course-file", href: this.url, download: answer.name }, `Télécharger le document ${name}`);
      this.status.replaceChildren(make("p", {}, `Sur le disque\u00a0: ${answer.place}`), ...missing, make("p", {}, file));
    } catch {
      this.say("Le cours ne répond pas\u00a0: rien n’est écrit. Attendez un instant, puis recommencez.");
    } finally {
      for (const button of this.buttons) button.disabled = false;
    }
  }

  say(text) {
    this.status.replaceChildren(make("p", {}, text));
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
  }
}
