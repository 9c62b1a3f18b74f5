// The class on the instructor's page: HTML that Python has rendered and escaped, and buttons that request files.
import { make } from "../../workbook/dom.js";

const FILES = [
  ["reponses.csv", "Exporter en CSV"],
  ["classe.xlsx", "Exporter en Excel"],
  ["reponses.parquet", "Exporter en Parquet"],
  ["bilan.html", "Bilan à imprimer"],
  ["pleniere.html", "Vue plénière"],
];
const PATIENCE = 20000; // ms until the buttons are enabled again
const SLOW = "C’est long, et c’est normal pour une grande classe\u00a0: une minute. Si rien ne vient, relancez le notebook.";

class OverviewView {
  constructor(model) {
    this.model = model;
    this.url = "";
    this.body = make("div", {});
    this.status = make("p", { class: "course-status", role: "status" });
    this.file = make("div", { class: "course-done", hidden: "" });
    this.buttons = [
      make("button", { type: "button", onclick: () => this.look() }, "Mettre à jour"),
      ...FILES.map(([name, text]) => make("button", { type: "button", onclick: () => this.ask({ kind: "write", name }, "On écrit le fichier…") }, text)),
    ];
    this.root = make(
      "section",
      { class: "course-card course-overview", lang: "fr", "aria-label": "Où en est la classe" },
      make("div", { class: "course-row" }, ...this.buttons),
      this.status,
      this.file,
      this.body,
    );
    // Otherwise JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
  }

  look() {
    this.ask({ kind: "look" }, "On lit la classe…");
  }

  ask(message, words) {
    this.enable(false);
    this.status.textContent = words;
    this.file.hidden = true;
    this.timer = setTimeout(() => {
      this.status.textContent = SLOW;
      this.enable(true);
    }, PATIENCE);
    try {
      this.model.send(message);
    } catch {
      this.receive({ kind: "refused", text: "Le cours ne répond pas. Relancez le notebook." });
    }
  }

  receive(message, buffers = []) {
    clearTimeout(this.timer);
    this.enable(true);
    this.status.textContent = message.kind === "refused" ? message.text : "";
    if (message.kind === "seen") this.body.innerHTML = message.html; // Python has escaped all texts from people
    if (message.kind === "written") this.show(message, buffers[0]);
  }

  show({ name, type, path, notices }, raw) {
    this.close();
    const links = [];
    if (raw) {
      this.url = URL.createObjectURL(new Blob([raw], { type }));
      if (type === "text/html") links.push(make("a", { class: "course-file", href: this.url, target: "_blank", rel: "noopener" }, "Ouvrir dans un onglet"));
      links.push(make("a", { class: "course-file", href: this.url, download: name }, `Télécharger ${name}`));
    }
    this.file.replaceChildren(
      make("p", {}, `Sur le disque\u00a0: ${path}`),
      ...notices.map((notice) => make("p", {}, notice)),
      make("div", { class: "course-row" }, ...links),
    );
    this.file.hidden = false;
    links[0]?.focus();
  }

  enable(enabled) {
    for (const button of this.buttons) button.disabled = !enabled;
  }

  close() {
    clearTimeout(this.timer);
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
  }
}

export default {
  render({ model, el }) {
    const view = new OverviewView(model);
    const receive = (message, buffers) => view.receive(message, buffers);
    model.on("msg:custom", receive);
    el.append(view.root);
    view.look();
    return () => {
      view.close();
      model.off("msg:custom", receive);
    };
  },
};
