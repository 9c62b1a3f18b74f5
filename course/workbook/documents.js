// « Word, Excel »: a canvas, a goal or the plan as a document, saved beside the workbook and offered to download.
import { make } from "./dom.js";
import { unsaved } from "./unsaved.js";

const DOCUMENT_TYPES = {
  docx: ["Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  xlsx: ["Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  html: ["Page à imprimer", "text/html"],
};

const KEPT = "Le document est écrit, et gardé dans votre classeur. Le bouton en met une copie dans le dossier Téléchargements de cet ordinateur.";

export class Documents {
  /**
   * @param {import("./link.js").Link} link
   * @param {(holder: any) => boolean} isPart whether what a session holds goes into the document
   * @param {string} road how it comes back
   */
  constructor(link, isPart, road) {
    this.link = link;
    this.isPart = isPart;
    this.url = "";
    this.status = make("div", { class: "course-written", role: "status" });
    this.buttons = Object.entries(DOCUMENT_TYPES).map(([form, [name]]) => make("button", { type: "button", onclick: () => this.write(form) }, name));
    this.parts = [
      make("p", {}, `Ce que vous changez dans Word ou dans Excel revient ${road}\u00a0: deux textes qui diffèrent sont gardés tous les deux.`),
      make("div", { class: "course-row" }, ...this.buttons),
      this.status,
    ];
    this.node = make("div", { class: "course-documents", hidden: "" }, ...this.parts);
    this.button = make("button", { type: "button", "aria-expanded": "false", onclick: () => this.toggle() }, "Word, Excel…");
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    this.button.setAttribute("aria-expanded", String(!this.node.hidden));
  }

  async write(form) {
    const [name, type] = DOCUMENT_TYPES[form];
    this.close();
    this.say("Un instant…");
    for (const button of this.buttons) button.disabled = true;
    try {
      const missing = (await unsaved().settle(this.isPart)).map((holder) => make("p", {}, `Pas encore enregistré\u00a0: ${holder.name}. Ce que vous venez d’y écrire manque dans le document.`));
      const [answer, buffers] = await this.link.ask("document", { form });
      if (answer.reason) return this.say(answer.reason);
      if (buffers.length) this.url = URL.createObjectURL(new Blob([buffers[0]], { type }));
      const file = make("a", { class: "course-file", href: this.url, download: answer.name }, `Télécharger le document (${name})`);
      this.status.replaceChildren(...missing, ...(buffers.length ? [make("p", {}, KEPT), make("p", {}, file)] : [make("p", {}, `Le document est là\u00a0: ${answer.place}`)]));
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
