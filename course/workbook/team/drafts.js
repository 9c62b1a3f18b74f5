// Drafts of other workbooks in this browser: texts that were typed and never reached a disk.
import { make } from "../dom.js";
import { shelf } from "../shelf.js";

const DRAFT = "course:brouillon:"; // then document, objective and page, as session.js writes them

export class Drafts {
  constructor(ask) {
    this.ask = ask; // asks the kernel which documents are this workbook's; a promise
    this.text = make("p", {});
    this.erase = make("button", { type: "button", onclick: () => this.confirm() }, "Effacer les brouillons d’autres classeurs");
    this.yes = make("button", { type: "button", hidden: "", onclick: () => this.forget() });
    this.no = make("button", { type: "button", hidden: "", onclick: () => this.calm(true) }, "Les garder");
    this.status = make("p", { role: "status" });
    const row = make("div", { class: "course-row" }, this.erase, this.yes, this.no);
    this.body = make("div", { hidden: "" }, this.text, row);
    this.node = make("div", { class: "course-drafts" }, this.body, this.status);
  }

  async look() {
    const found = await this.foreign();
    if (!found) return null;
    const { keys, workbooks } = found;
    this.body.hidden = !keys.length;
    const kept = `Ce navigateur garde encore ${counted(keys)}`;
    this.text.textContent =
      workbooks > 1
        ? `${kept} de ${workbooks} autres classeurs\u00a0: des textes qui ne sont pas encore enregistrés. Ils reviendront à leurs auteurs, quand ces classeurs seront rouverts ici.`
        : `${kept} d’un autre classeur\u00a0: du texte qui n’est pas encore enregistré. Il reviendra à ses auteurs, quand ce classeur sera rouvert ici.`;
    return keys;
  }

  // The keys of the drafts of other workbooks; null when the kernel does not answer which are this one's.
  async foreign() {
    let own;
    try {
      own = (await this.ask()).map((document) => `${DRAFT}${document}:`);
    } catch {
      return null;
    }
    const kept = new Set((await shelf.all()).map(([key]) => key));
    try {
      for (const [key] of shelf.now()) kept.add(key);
    } catch {
      // storage is forbidden: nothing is kept there
    }
    const keys = [...kept].filter((key) => key.startsWith(DRAFT) && !own.some((one) => key.startsWith(one)));
    return { keys, workbooks: new Set(keys.map((key) => key.slice(DRAFT.length).split(":")[0])).size };
  }

  async confirm() {
    const keys = await this.look();
    if (!keys) return this.say("Le cours ne répond pas\u00a0: rien n’est effacé. Réessayez dans un instant.");
    if (!keys.length) return this.calm();
    this.doomed = new Set(keys);
    this.erase.hidden = true;
    this.yes.textContent = `Oui, effacer ${counted(keys)} pour toujours`;
    this.yes.hidden = this.no.hidden = false;
    this.say("Effacer pour toujours\u202f? Ces textes ne sont nulle part ailleurs.");
    this.no.focus();
  }

  async forget() {
    const found = await this.foreign();
    if (!found) return this.say("Le cours ne répond pas\u00a0: rien n’est effacé. Réessayez dans un instant.");
    const keys = found.keys.filter((key) => this.doomed?.has(key)); // what came since was not agreed to
    for (const key of keys) shelf.set(key, null);
    this.calm();
    await this.look();
    this.say(`Effacé\u00a0: ${counted(keys)}.`);
    this.node.closest("section")?.focus();
  }

  calm(back = false) {
    this.erase.hidden = false;
    this.yes.hidden = this.no.hidden = true;
    this.say("");
    if (back) this.erase.focus();
  }

  say(text) {
    this.status.textContent = text;
  }
}

const counted = (keys) => `${keys.length} brouillon${keys.length > 1 ? "s" : ""}`;
