// The only module of the shell that knows JupyterLab: its main area shows one notebook at a time, with one kernel.
import { Address, target } from "./address.js";
import { Course, place } from "./course.js";
import { Frame } from "./frame.js";
import { draw, home } from "./home.js";
import { make } from "./make.js";
import { printHead } from "./print.js";

const BLANK = { fresh: true, mainArea: null, downArea: null, leftArea: null, rightArea: null, topArea: null, relativeSizes: null };
const STARTED_WITHIN = 15000; // ms that a kernel may take to start
const CLOSED_WITHIN = 3000; // ms that a link with a kernel may take to be made, and the server to notice that it is cut
const LOOK = 100;
const PAUSE = 2000; // ms between two looks at a server that does not answer
const SILENT = "Le cours ne répond pas\u00a0: cette page reste ouverte. Rouvrez le cours, puis recommencez.";
const GONE = "Cette page n’est plus dans ce classeur. Choisissez-en une autre dans le Sommaire.";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Shows the course in JupyterLab's window. */
export async function shell(app, docs, { Widget, PageConfig, ServerConnection, config }) {
  const base = PageConfig.getBaseUrl().replace(location.origin, "");
  const course = new Course({ ...config, baseUrl: base });
  const desk = new Desk(app, docs, course, base, Widget, ServerConnection);
  await app.started;
  await desk.furnish();
  await course.refresh();
  await desk.show(desk.address.path || course.start, location.hash, { replace: true }); // the key leaves the address bar
}

/** On JupyterLab as it is: the way back to the course. */
export function wayBack(app, Widget, base) {
  const link = make("a", { href: `${base}lab`, target: "_top" }, "Revenir au cours");
  addPlace(app, Widget, "course-back", "header", make("p", { class: "course-back", lang: "fr" }, "JupyterLab entier. ", link));
}

/** Puts a node above or below all else, as high as it needs: the lab lays its rows out by their least height. */
function addPlace(app, Widget, id, area, node) {
  const widget = new Widget({ node: document.createElement("div") });
  widget.id = id;
  widget.node.append(node);
  app.shell.add(widget, area, { rank: 0 });
  new ResizeObserver(() => {
    if (widget.node.style.minHeight === `${node.offsetHeight}px`) return;
    widget.node.style.minHeight = `${node.offsetHeight}px`;
    widget.parent?.fit();
  }).observe(node);
}

class Desk {
  constructor(app, docs, course, base, Widget, ServerConnection) {
    this.app = app;
    this.docs = docs;
    this.course = course;
    this.Widget = Widget;
    const { serverSettings } = app.serviceManager;
    this.request = (place, init) => ServerConnection.makeRequest(serverSettings.baseUrl + place, init, serverSettings);
    this.path = /** @type {string | null} */ (null); // of the page that is shown
    this.hash = "";
    this.panel = /** @type {any} */ (null);
    this.home = /** @type {any} */ (null);
    this.turn = 0; // the number of the last way that somebody took
    this.visit = {}; // another one for each page that is shown
    this.ending = new Map(); // path -> the end of its panel
    this.handover = Promise.resolve(false); // of the last kernel that went from page to page
    this.alarm = make("p", { class: "course-alarm", role: "status", lang: "fr", hidden: true });
    this.stay = make("div", { class: "course-alarm", role: "status", lang: "fr", hidden: true }); // why nobody went elsewhere
    this.address = new Address(`${base}lab`, (path, hash) => this.go(path || course.start, hash));
    this.url = (path, hash) => this.address.url(path, hash);
    this.frame = new Frame(course, this.url, `${base}lab/workspaces/entier`, () => this.print());
  }

  async furnish() {
    const { shell } = this.app;
    addPlace(this.app, this.Widget, "course-header", "header", make("div", {}, this.frame.header, this.alarm, this.stay, printHead(() => this.course.owner)));
    document.body.append(this.frame.contents);
    // Without the plugin `application-extension:layout`, nobody else restores; `app.restored` waits for this.
    await shell.restoreLayout("single-document", { fetch: async () => BLANK });
    shell.mode = "single-document";
    // `hide` gives their room back; `display: none` in a style sheet would leave it grey.
    for (const widget of shell.layout.widgets) if (["jp-menu-panel", "jp-top-panel"].includes(widget.id)) widget.hide();
    for (const side of ["left", "right"]) if (shell.isSideTabBarVisible?.(side)) shell.toggleSideTabBarVisibility(side);
    shell.collapseLeft();
    shell.collapseRight();
    // JupyterLab writes the title of the window too.
    const title = /** @type {HTMLTitleElement} */ (document.querySelector("title"));
    new MutationObserver(() => this.frame.title !== document.title && (document.title = this.frame.title)).observe(title, { childList: true });
    // Captured: before JupyterLab's own links, menus and keys.
    document.addEventListener("click", (event) => this.click(event), true);
    addEventListener("contextmenu", (event) => event.stopImmediatePropagation(), true);
    addEventListener("keydown", (event) => this.key(event), true);
    addEventListener("course-connection", () => this.tell());
    addEventListener("course:team", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.refresh());
  }

  /** Shows an alarm about the connection where the page has no bar of its own, as one without a canvas. */
  tell() {
    const { isLinked = true, text = "" } = globalThis.courseConnection ?? {};
    const barred = this.panel?.node.querySelector(".course-live") && document.getElementById("course-bar");
    this.alarm.hidden = isLinked || Boolean(barred);
    if (this.alarm.textContent !== text) this.alarm.textContent = text;
  }

  /** The state of the workbook, as the header and the home page show it; false when the server does not answer. */
  async refresh() {
    const there = await this.course.refresh();
    if (there) this.frame.show();
    if (there && this.home) draw(this.home.node.firstElementChild, this.course, this.url);
    return there;
  }

  click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const wanted = target(event.target.closest?.("a[href]"), this.address);
    if (!wanted || (wanted.path && !wanted.path.endsWith(".ipynb"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.frame.contents.close();
    this.go(wanted.path || this.course.start, wanted.hash);
  }

  /**
   * Goes to a page, unless the server would not give it or the page that is shown holds what is not on disk: that page
   * then stays, with its address, and says why.
   */
  async go(path, hash = "", { anyway = false } = {}) {
    const turn = ++this.turn;
    if (path !== this.path) {
      const answered = await this.refresh();
      if (turn !== this.turn) return; // somebody has gone elsewhere meanwhile
      if (!answered) return this.awaitServer(turn);
      const open = anyway ? [] : ((await globalThis.courseUnsaved?.settle()) ?? []);
      if (turn !== this.turn) return;
      if (open.length) return this.remain(reasonFor(open), () => this.go(path, hash, { anyway: true }));
    }
    await this.show(path, hash, { anyway });
  }

  /** Says that the server does not answer, for as long as that is true. */
  async awaitServer(turn) {
    this.remain(SILENT);
    while (turn === this.turn && !(await this.refresh())) await wait(PAUSE);
    if (turn === this.turn) this.stay.hidden = true;
  }

  /** The page that is shown stays; `leave` leads away from it all the same. */
  remain(text, leave = /** @type {(() => void) | null} */ (null)) {
    this.stay.replaceChildren(text, ...(leave ? [" ", make("button", { type: "button", class: "course-button course-small", onclick: leave }, "Quitter quand même")] : []));
    this.stay.hidden = false;
    if (this.path !== null) this.address.put(this.path, this.hash);
  }

  async show(path, hash = "", { replace = false, anyway = false } = {}) {
    this.stay.hidden = true;
    this.address.put(path, hash, { replace });
    this.course.keep(path, hash);
    this.hash = hash;
    if (path !== this.path) {
      const visit = (this.visit = {});
      this.close(anyway ? "" : path, visit);
      this.path = path;
      this.frame.show(path);
      if (path) await this.open(path, visit);
      else this.showHome();
      if (visit !== this.visit) return;
    }
    if (hash) this.seek(hash);
  }

  /** Brings a cell into view and keeps it there while the page grows above it, until the reader does something. */
  seek(hash) {
    this.panel?.setFragment(hash);
    const cell = this.panel?.content.widgets.find(({ model }) => place(model.id) === hash);
    if (!cell) return;
    const growth = new ResizeObserver(() => cell.node.scrollIntoView());
    const acted = new AbortController();
    for (const name of ["wheel", "touchstart", "pointerdown", "keydown", "popstate"]) addEventListener(name, () => acted.abort(), { capture: true, signal: acted.signal });
    acted.signal.addEventListener("abort", () => growth.disconnect());
    growth.observe(cell.node.parentElement);
  }

  async open(path, visit) {
    await this.handover;
    await this.ending.get(path); // gone and come back at once: not the panel that is about to go
    const isThere = this.course.at(path) || (await this.isThere(path));
    if (visit !== this.visit) return;
    const panel = isThere && this.docs.openOrReveal(path, "Notebook");
    if (!panel) return this.lack();
    this.panel = panel;
    panel.toolbar.hide();
    panel.title.closable = false;
    const { context } = panel;
    try {
      await context.ready;
    } catch {
      if (visit === this.visit) this.lack();
      return;
    }
    if (panel.isDisposed) return;
    // Answers are not in the notebook: whatever JupyterLab would write into it is not worth a question or a dot.
    const clean = () => context.model?.dirty && (context.model.dirty = false);
    context.model.stateChanged.connect(clean);
    clean();
    calm(panel.content.node);
    this.tell();
  }

  async isThere(path) {
    const found = await this.app.serviceManager.contents.get(path, { content: false }).catch(() => null);
    return found?.type === "notebook";
  }

  /** A page that is no more, as an old bookmark may name one. */
  async lack() {
    await this.show(this.course.start, "", { replace: true });
    this.remain(GONE);
  }

  /** Takes the page away without a question; its kernel goes over to the next page, or ends. */
  close(next, visit) {
    const { panel } = this;
    this.home?.dispose();
    this.home = null;
    this.panel = null;
    if (!panel) return;
    globalThis.courseUnsaved?.leave();
    const { path } = panel.context;
    panel.hide();
    this.handover = this.handOver(panel, next, visit).catch((error) => {
      console.error("soins-centres-personnes:", error);
      return false;
    });
    // The next page is asked for before the former one is taken apart.
    const end = this.handover.then((isDone) => (isDone ? wait(0).then(() => panel.dispose()) : this.end(panel)));
    this.ending.set(path, end.finally(() => this.ending.delete(path)));
  }

  /**
   * Gives the kernel of a page that is left to the next page, which JupyterLab then links with it. False where that page
   * needs a kernel of its own: this one is busy or gone, or somebody else uses it.
   */
  async handOver(panel, next, visit) {
    const { session, isReady } = panel.context.sessionContext;
    const pages = [this.course.at(panel.context.path), this.course.at(next)];
    if (!pages.every((page) => page && !page.instructor)) return false;
    if (!isReady || session?.kernel?.connectionStatus !== "connected") return false;
    const answer = await this.request("course/turn", { method: "POST", body: JSON.stringify({ session: session.id, path: next }) });
    if (!answer.ok) return false;
    const { id } = await answer.json();
    if (visit !== this.visit) await this.app.serviceManager.sessions.shutdown(id).catch(() => null);
    return true;
  }

  // A session that is still starting cannot be stopped yet, and would live on alone. A link that is cut before it was made
  // is counted as one that was, and the server then counts one too few.
  async end(panel) {
    const { sessionContext } = panel.context;
    await Promise.race([sessionContext.ready, wait(STARTED_WITHIN)]);
    const { id, kernel } = sessionContext.session ?? {};
    for (let left = CLOSED_WITHIN; left > 0 && kernel?.connectionStatus === "connecting"; left -= LOOK) await wait(LOOK);
    const kernelId = kernel?.id;
    panel.dispose();
    if (id && !(await this.isShared(kernelId))) await this.app.serviceManager.sessions.shutdown(id).catch(() => null);
  }

  /** True while another window or browser, or JupyterLab as it is, is linked with a kernel that this page has left. */
  async isShared(kernelId) {
    const { kernels } = this.app.serviceManager;
    for (let left = CLOSED_WITHIN; left > 0; left -= LOOK) {
      await kernels.refreshRunning().catch(() => null);
      const kernel = [...kernels.running()].find(({ id }) => id === kernelId);
      if (!(kernel?.connections > 0)) return false;
      await wait(LOOK);
    }
    return true;
  }

  showHome() {
    this.home = new this.Widget({ node: document.createElement("div") });
    this.home.id = "course-home";
    this.home.node.append(home(this.course, this.url));
    this.app.shell.add(this.home, "main");
    this.app.shell.activateById("course-home");
    this.tell();
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "p") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.print();
  }

  /** Prints the page that is shown; one that prints itself another way says so by `preventDefault`. */
  print() {
    if (dispatchEvent(new CustomEvent("course:print", { cancelable: true, detail: { path: this.path } }))) print();
  }
}

/** Takes from a notebook the roles and names by which JupyterLab presents cells to act upon; names what unfolds one. */
function calm(notebook) {
  const name = () => {
    for (const button of notebook.querySelectorAll(".jp-showHiddenCellsButton:not([aria-label])")) button.ariaLabel = "Lire la suite";
  };
  new MutationObserver(name).observe(notebook, { childList: true, subtree: true });
  name();
  for (const node of [notebook, ...notebook.querySelectorAll(".jp-WindowedPanel-viewport, .jp-Cell")]) {
    for (const name of ["role", "aria-label", "tabindex"]) node.removeAttribute(name);
  }
}

/** Why a page is not left, of what it holds that is not on disk. */
function reasonFor(open) {
  const names = [...new Set(open.filter(({ warning }) => !warning).map(({ name }) => name))];
  const warnings = open.map(({ warning }) => warning).filter(Boolean);
  return [...(names.length ? [`Pas encore enregistré\u00a0: ${names.join(", ")}.`] : []), ...warnings, "Cette page reste ouverte."].join(" ");
}
