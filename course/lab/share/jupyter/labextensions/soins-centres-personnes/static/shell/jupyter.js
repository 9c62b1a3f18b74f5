// The only module of the shell that knows JupyterLab: its main area shows one notebook at a time, with one kernel.
import { Address, target } from "./address.js";
import { Course, place } from "./course.js";
import { Frame } from "./frame.js";
import { draw, home } from "./home.js";
import { make } from "./make.js";

const BLANK = { fresh: true, mainArea: null, downArea: null, leftArea: null, rightArea: null, topArea: null, relativeSizes: null };
const SAVED_WITHIN = 2500; // ms that a page may take to save what it holds before it is left
const STARTED_WITHIN = 15000; // ms that a kernel may take to start
const ANSWERED_WITHIN = 300; // ms that another window may take to claim a kernel

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Shows the course in JupyterLab's window. */
export async function shell(app, docs, { Widget, PageConfig, config }) {
  const base = PageConfig.getBaseUrl().replace(location.origin, "");
  const course = new Course({ ...config, baseUrl: base });
  const desk = new Desk(app, docs, course, base, Widget);
  await app.started;
  await desk.furnish();
  await course.refresh();
  const path = desk.address.path || course.start;
  await desk.show(path, location.hash);
  desk.address.put(path, location.hash, { replace: true }); // the key leaves the address bar
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
  constructor(app, docs, course, base, Widget) {
    this.app = app;
    this.docs = docs;
    this.course = course;
    this.Widget = Widget;
    this.path = /** @type {string | null} */ (null);
    this.panel = /** @type {any} */ (null);
    this.home = /** @type {any} */ (null);
    this.turn = 0; // of going somewhere
    this.ending = new Map(); // path -> the end of its panel
    this.alarm = make("p", { class: "course-alarm", role: "status", lang: "fr", hidden: true });
    this.address = new Address(`${base}lab`, (path, hash) => this.show(path || course.start, hash));
    this.url = (path, hash) => this.address.url(path, hash);
    this.frame = new Frame(course, this.url, `${base}lab/workspaces/entier`);
    this.windows = new BroadcastChannel("course:pages"); // two windows on one page share its kernel
  }

  async furnish() {
    const { shell } = this.app;
    addPlace(this.app, this.Widget, "course-header", "header", make("div", {}, this.frame.header, this.alarm));
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
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.refresh());
    this.windows.addEventListener("message", ({ data }) => {
      const own = this.panel?.context.sessionContext.session?.id;
      if (own && data.asked === own) this.windows.postMessage({ claimed: own });
    });
  }

  /** What the page itself does not say in its bar, as a page without a canvas has none. */
  tell() {
    const { level, text } = globalThis.courseConnection ?? {};
    const barred = this.panel?.node.querySelector(".course-live") && document.getElementById("course-bar");
    this.alarm.hidden = level !== "alarm" || Boolean(barred);
    if (this.alarm.textContent !== text) this.alarm.textContent = text ?? "";
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

  /** Goes to a page, unless the server would not give it: the page that is shown then stays. */
  async go(path, hash = "") {
    if (path !== this.path && !(await this.refresh())) {
      this.alarm.textContent = "Le cours ne répond pas\u00a0: cette page reste ouverte. Rouvrez le cours, puis recommencez.";
      this.alarm.hidden = false;
      return;
    }
    this.alarm.hidden = true;
    this.address.put(path, hash);
    await this.show(path, hash);
  }

  async show(path, hash = "") {
    const turn = ++this.turn;
    this.course.keep(path, hash);
    if (path !== this.path) {
      await this.leave();
      if (turn !== this.turn) return; // somebody has gone elsewhere meanwhile
      this.path = path;
      this.frame.show(path);
      if (path) await this.open(path, turn);
      else this.showHome();
    }
    if (hash && turn === this.turn) this.seek(hash);
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

  async open(path, turn) {
    await this.ending.get(path); // gone and come back at once: not the panel that is about to go
    if (turn !== this.turn) return;
    const panel = this.docs.openOrReveal(path, "Notebook");
    if (!panel) return this.showHome();
    this.panel = panel;
    panel.toolbar.hide();
    panel.title.closable = false;
    const { context } = panel;
    await context.ready;
    if (panel.isDisposed) return;
    // Answers are not in the notebook: whatever JupyterLab would write into it is not worth a question or a dot.
    const clean = () => context.model?.dirty && (context.model.dirty = false);
    context.model.stateChanged.connect(clean);
    clean();
    calm(panel.content.node);
    this.tell();
  }

  /** Lets the page save, then takes it away with its kernel; `dispose` asks nobody anything. */
  async leave() {
    const { panel } = this;
    this.home?.dispose();
    this.home = null;
    this.panel = null;
    if (!panel) return;
    dispatchEvent(new Event("pagehide")); // canvases and forms send what they hold
    for (let left = SAVED_WITHIN; left > 0 && isSaving(); left -= 50) await wait(50);
    forgetSaved();
    const { path } = panel.context;
    this.ending.set(path, this.end(panel).finally(() => this.ending.delete(path)));
  }

  // A session that is still starting cannot be stopped yet, and would live on alone.
  async end(panel) {
    const { sessionContext } = panel.context;
    panel.hide();
    await Promise.race([sessionContext.ready, wait(STARTED_WITHIN)]);
    const id = sessionContext.session?.id;
    panel.dispose();
    if (id && !(await this.isClaimed(id))) await this.app.serviceManager.sessions.shutdown(id).catch(() => null);
  }

  async isClaimed(id) {
    let claimed = false;
    const hear = ({ data }) => (claimed ||= data.claimed === id);
    this.windows.addEventListener("message", hear);
    this.windows.postMessage({ asked: id });
    await wait(ANSWERED_WITHIN);
    this.windows.removeEventListener("message", hear);
    return claimed;
  }

  showHome() {
    this.home = new this.Widget({ node: document.createElement("div") });
    this.home.id = "course-home";
    this.home.node.append(home(this.course, this.url));
    this.app.shell.add(this.home, "main");
    this.app.shell.activateById("course-home");
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "p") return;
    // A page that prints itself another way says so by `preventDefault`.
    if (dispatchEvent(new CustomEvent("course:print", { cancelable: true, detail: { path: this.path } }))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** A notebook is a page to read: its cells are nothing to act upon, or to be called cells; what unfolds one has a name. */
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

const statuses = () => globalThis.courseStatuses ?? new Map(); // as in course/workbook/bar.js

const isSaving = () => [...statuses().values()].some(([level]) => level === "busy");

/** What another page had saved is no news on the next one; what it could not save is. */
function forgetSaved() {
  for (const [key, [level]] of statuses()) if (!["busy", "alarm"].includes(level)) statuses().delete(key);
  dispatchEvent(new Event("course-connection"));
}
