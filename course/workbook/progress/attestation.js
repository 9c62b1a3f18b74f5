// « Mon attestation »: a page for each person of the workbook, written beside the answers and offered to download.
import { make } from "../dom.js";

const KEPT_PAGES = "C’est écrit, et gardé dans votre classeur. Chaque bouton met une copie dans le dossier Téléchargements de cet ordinateur.";

export class Attestation {
  /** @param {import("../link.js").Link} link */
  constructor(link) {
    this.link = link;
    this.urls = /** @type {string[]} */ ([]);
    this.status = make("div", { class: "course-report", role: "status" });
    this.button = make("button", { type: "button", onclick: () => this.write() }, "Faire mon attestation");
    this.node = make(
      "details",
      {},
      make("summary", {}, "Mon attestation de participation"),
      make("p", {}, "Une page à imprimer, qui dit les leçons lues et les canevas remplis, avec la place d’une signature et d’un cachet. Elle ne dit rien de la qualité, et n’est pas un diplôme."),
      make("div", { class: "course-row" }, this.button),
      this.status,
    );
  }

  async write() {
    this.close();
    this.say("Un instant…");
    this.button.disabled = true;
    try {
      const [answer, buffers] = await this.link.ask("attest");
      if (answer.reason) return this.say(answer.reason);
      const files = answer.pages.map(({ person, name }, place) => {
        const url = URL.createObjectURL(new Blob([buffers[place]], { type: "text/html" }));
        this.urls.push(url);
        return make("li", {}, make("a", { class: "course-file", href: url, download: name }, `Télécharger l’attestation de ${person}`));
      });
      this.status.replaceChildren(make("p", {}, KEPT_PAGES), make("ul", {}, ...files));
    } catch {
      this.say("Le cours ne répond pas\u00a0: rien n’est écrit. Attendez un instant, puis recommencez.");
    } finally {
      this.button.disabled = false;
    }
  }

  /** @param {string} text */
  say(text) {
    this.status.replaceChildren(make("p", {}, text));
  }

  close() {
    for (const url of this.urls.splice(0)) URL.revokeObjectURL(url);
  }
}
