// A button of the instructor: its inputs, the output of its command, and links to the result files.
import { make } from "../../workbook/dom.js";
import { unsaved } from "../../workbook/unsaved.js";

const LARGEST = 64 * 1024 * 1024; // as in widget.py
const NO_ANSWER = "Le cours ne répond pas\u00a0: attendez un instant, puis recommencez.";
const PATIENCE = 20000; // ms until the first message of the kernel
const ENDED = "course:desk"; // the event of a command's end, after which there may be another archive

class DeskView {
  constructor(model) {
    this.model = model;
    this.form = model.get("form");
    this.isUnsaved = false; // a command is running, which ends with the page
    this.isStuck = true;
    this.name = this.form.button;
    this.inputs = new Map();
    this.button = make("button", { type: "button", class: "course-main", onclick: () => this.press() }, this.form.button);
    this.stop = make("button", { type: "button", hidden: "", onclick: () => this.send({ kind: "stop" }) }, "Arrêter");
    this.status = make("p", { role: "status" });
    this.waiting = make("p", { class: "course-waiting" }, this.form.waiting);
    this.question = make("div", { class: "course-question", tabindex: "-1", hidden: "" });
    this.progress = make("progress", {});
    this.task = make("label", { class: "course-task", hidden: "" }, make("span"), this.progress);
    this.lines = make("div", { class: "course-lines", tabindex: "0", role: "region", "aria-label": "Ce que dit le cours" });
    this.count = make("span");
    this.log = make("details", { open: "", hidden: "" }, make("summary", {}, "Ce que dit le cours", this.count), this.lines);
    this.results = make("ul", { class: "course-results" });
    this.root = make(
      "section",
      { class: "course-card course-desk", lang: "fr", "aria-label": this.form.title },
      ...this.form.choices.map((choice) => this.choice(choice)),
      this.waiting,
      make("div", { class: "course-row" }, this.button, this.stop, this.status),
      this.task,
      this.question,
      this.log,
      this.results,
    );
    // Otherwise JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    // A page that is loaded anew while its command runs, which goes on in the kernel.
    if (model.get("running")) this.setBusy(true, "En cours…");
    if (model.get("asked").words) this.ask(model.get("asked"));
  }

  choice({ key, label, kind }) {
    if (kind === "file") return this.drop(label);
    if (kind === "archive") return this.archives(key, label);
    const input = kind === "lines" ? make("textarea", { rows: "3" }) : make("input", { type: kind === "tick" ? "checkbox" : "text", autocomplete: "off" });
    this.inputs.set(key, () => (kind === "tick" ? input.checked : input.value.trim()));
    const words = make("span", {}, label);
    return kind === "tick"
      ? make("label", { class: "course-tick" }, input, words)
      : make("label", { class: "course-field" }, words, input);
  }

  archives(key, label) {
    this.chosen = make("select", {});
    this.none = make("p", {}, "Il n’y a pas encore d’archive.");
    this.inputs.set(key, () => this.chosen.value);
    this.offer(this.form.archives);
    return make("div", {}, make("label", { class: "course-field" }, make("span", {}, label), this.chosen), this.none);
  }

  offer(names) {
    const { value } = this.chosen;
    this.chosen.replaceChildren(...names.map((name) => make("option", {}, name)));
    if (names.includes(value)) this.chosen.value = value;
    this.none.hidden = names.length > 0;
    if (!this.isUnsaved) this.button.disabled = !names.length;
  }

  drop(label) {
    const input = make("input", { type: "file", multiple: "", hidden: "", tabindex: "-1", "aria-hidden": "true" });
    input.addEventListener("change", () => {
      this.put([...input.files]);
      input.value = "";
    });
    const zone = make(
      "div",
      { class: "course-drop" },
      make("button", { type: "button", onclick: () => input.click() }, `${label}…`),
      make("span", {}, "ou déposez-les ici"),
      input,
    );
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.put([...event.dataTransfer.files]);
    });
    return zone;
  }

  async put(files) {
    for (const file of files) {
      if (file.size > LARGEST) {
        this.line(`«\u202f${file.name}\u202f» dépasse 64 Mio\u00a0: copiez-le dans le dossier.`);
        continue;
      }
      try {
        this.send({ kind: "put", name: file.name }, [await file.arrayBuffer()]);
      } catch {
        this.line(`«\u202f${file.name}\u202f» ne se laisse pas lire\u00a0: choisissez-le de nouveau.`);
      }
    }
  }

  press() {
    if (!this.form.sure) return this.run();
    const values = this.values();
    const empty = this.form.choices.find(({ key }) => this.form.sure.includes(`{${key}}`) && !values[key]);
    if (empty) {
      this.status.textContent = `Remplissez d’abord\u00a0: ${empty.label}.`;
      return;
    }
    const cancel = () => {
      this.question.hidden = true;
      this.button.focus();
    };
    this.question.replaceChildren(
      make("p", {}, this.form.sure.replace(/\{(\w+)\}/g, (_, key) => values[key])),
      make(
        "div",
        { class: "course-row" },
        make("button", { type: "button", onclick: cancel }, "Ne rien faire"),
        make("button", { type: "button", onclick: () => this.run(values) }, this.form.button),
      ),
    );
    this.question.hidden = false;
    this.question.focus();
  }

  /** Runs the command with the values that the person has seen, whatever the form says since. */
  run(values = this.values()) {
    this.question.hidden = true;
    this.lines.textContent = this.count.textContent = "";
    this.log.hidden = this.task.hidden = true;
    this.log.open = true;
    this.results.replaceChildren();
    this.setBusy(true, "En cours…");
    this.timer = setTimeout(() => this.setBusy(false, NO_ANSWER), PATIENCE);
    this.send({ kind: "run", values });
  }

  values() {
    return Object.fromEntries([...this.inputs].map(([key, value]) => [key, value()]));
  }

  get warning() {
    return `«\u202f${this.name}\u202f» n’est pas fini, et s’arrêterait avec cette page\u00a0: attendez la fin.`;
  }

  flush() {
    // only its end is waited for
  }

  setBusy(busy, text) {
    this.isUnsaved = busy;
    this.button.disabled = busy || this.chosen?.options.length === 0;
    this.stop.hidden = !busy;
    this.status.textContent = text;
  }

  // A question to the instructor: one button per choice, or a name of the list of trainees.
  ask({ words, choices, free }) {
    const answer = (value) => {
      this.question.hidden = true;
      this.status.textContent = "En cours…";
      this.stop.focus();
      this.send({ kind: "answer", value });
    };
    const buttons = choices.map((choice) => make("button", { type: "button", onclick: () => answer(choice.value) }, choice.words));
    const nodes = [make("p", {}, words), make("div", { class: "course-row" }, ...buttons)];
    if (free) {
      const name = make("input", { type: "text", autocomplete: "off" });
      const give = () => name.value.trim() && answer(name.value.trim());
      nodes.push(
        make("label", { class: "course-field" }, make("span", {}, "Ou un nom de votre liste"), name),
        make("div", { class: "course-row" }, make("button", { type: "button", onclick: give }, "Donner ce nom")),
      );
    }
    this.question.replaceChildren(...nodes);
    this.question.hidden = false;
    this.status.textContent = "Une question pour vous.";
    this.question.focus();
  }

  line(text) {
    this.log.hidden = false;
    this.lines.append(make("p", {}, text));
    const number = this.lines.children.length;
    this.count.textContent = number > 1 ? ` (${number} lignes)` : "";
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  advance({ text, done, total }) {
    this.task.hidden = false;
    this.task.firstChild.textContent = text;
    this.progress.max = total;
    this.progress.value = done;
  }

  receive(message, buffers) {
    clearTimeout(this.timer);
    if (message.kind === "begun") this.setBusy(true, "En cours…");
    else if (message.kind === "line") this.line(message.text);
    else if (message.kind === "progress") this.advance(message);
    else if (message.kind === "archives") this.offer(message.names);
    else if (message.kind === "question") this.ask(message);
    else if (message.kind === "put") {
      this.waiting.textContent = message.waiting;
      this.status.textContent = `«\u202f${message.name}\u202f» est ajouté.`;
    } else if (message.kind === "file") this.save(message.name, buffers[0]);
    else if (message.kind === "end") {
      this.question.hidden = this.task.hidden = true;
      this.setBusy(false, message.code === 0 ? "C’est fait." : "Ce n’est pas fait\u00a0: lisez ci-dessous.");
      this.waiting.textContent = message.waiting;
      this.results.replaceChildren(...message.results.map((result) => this.result(result)));
      dispatchEvent(new Event(ENDED));
    }
  }

  result({ path, name }) {
    const get = () => this.send({ kind: "file", path });
    return make("li", {}, make("button", { type: "button", onclick: get, "aria-label": `Télécharger ${name}` }, name));
  }

  save(name, content) {
    const url = URL.createObjectURL(new Blob([content]));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  send(message, buffers = []) {
    try {
      this.model.send(message, undefined, buffers);
    } catch {
      this.setBusy(false, NO_ANSWER); // the comm is closed
    }
  }
}

export default {
  render({ model, el }) {
    const view = new DeskView(model);
    const receive = (message, buffers) => view.receive(message, buffers);
    model.on("msg:custom", receive);
    unsaved().add(view);
    const look = () => view.chosen && view.send({ kind: "archives" });
    addEventListener(ENDED, look);
    el.append(view.root);
    return () => {
      removeEventListener(ENDED, look);
      unsaved().remove(view);
      clearTimeout(view.timer);
      model.off("msg:custom", receive);
    };
  },
};
