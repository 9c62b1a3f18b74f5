// The link of the page with the course: where it is lost, the page says so, links itself again and, where the kernel is
// gone, starts another one. The canvases' own bar shows it, in a place that covers nothing.
import { isLive } from "./autorun.js";

const PAUSE = 3000; // ms between two looks
const PATIENCE = 12000; // ms that JupyterLab's own reconnection is given while the server answers
const SHOWN = 15000; // ms for which the page says that it is linked again

const LOST =
  "Le cours ne répond plus. Continuez\u00a0: vos textes sont gardés dans ce navigateur, et la page se reliera d’elle-même. " +
  "Si le cours a été fermé, rouvrez-le et laissez cette page ouverte.";
const AGAIN = "Le cours répond\u00a0: la page se relie…";
const BACK = "La page est de nouveau reliée au cours.";
const STRANGER =
  "Le cours ne reconnaît plus cette page\u00a0: vos textes sont gardés dans ce navigateur. Rouvrez le cours comme d’habitude, dans ce même navigateur.";
const STUCK = "La page n’arrive pas à se relier\u00a0: vos textes sont gardés dans ce navigateur. Rechargez cette page.";

/** Give the bar its place below everything else of the lab. */
export function barPlace(app, Widget) {
  const widget = new Widget({ node: document.createElement("div") });
  widget.id = "course-bar-place";
  app.shell.add(widget, "bottom", { rank: 0 });
  const fit = () => {
    const height = Math.ceil(widget.node.firstElementChild?.getBoundingClientRect().height ?? 0);
    if (widget.node.style.minHeight === `${height}px`) return;
    widget.node.style.minHeight = `${height}px`;
    widget.parent?.fit();
  };
  const sizes = new ResizeObserver(fit);
  new MutationObserver(() => {
    for (const node of widget.node.children) sizes.observe(node);
  }).observe(widget.node, { childList: true });
}

let hiding = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined); // the timer of what is shown for a while

function say(isLinked, text) {
  if (globalThis.courseConnection?.text === text) return;
  clearTimeout(hiding);
  globalThis.courseConnection = { isLinked, text };
  dispatchEvent(new Event("course-connection"));
}

/** Watch the kernels of the course's notebooks. */
export function reconnection(app, tracker) {
  const { kernels, sessions, serverSettings } = app.serviceManager;
  const since = new WeakMap(); // panel -> when its link was lost
  const failed = new WeakSet();
  let looking = false;
  const panels = () => {
    const all = [];
    tracker.forEach((panel) => panel.sessionContext.prevKernelName && isLive(panel) && all.push(panel));
    return all;
  };
  const isLinked = ({ sessionContext: { session } }) =>
    session?.kernel?.connectionStatus === "connected" && session.kernel.status !== "dead";

  async function look() {
    const lost = panels().filter((panel) => !isLinked(panel));
    if (!lost.length) {
      if (globalThis.courseConnection?.isLinked === false) {
        say(true, BACK);
        hiding = setTimeout(() => say(true, ""), SHOWN);
      }
      return;
    }
    const now = Date.now();
    for (const panel of lost) if (!since.has(panel)) since.set(panel, now);
    const answer = await ask();
    if (answer === 401 || answer === 403) return say(false, STRANGER);
    if (!Array.isArray(answer)) return say(false, LOST);
    for (const panel of lost) await link(panel, answer, now);
  }

  /** The ids of the kernels that run, or why not: the server's status, 0 without any answer. */
  async function ask() {
    const { baseUrl, token } = serverSettings;
    const headers = token ? { Authorization: `token ${token}` } : undefined;
    try {
      const reply = await fetch(`${baseUrl}api/kernels?${Date.now()}`, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      return reply.ok ? (await reply.json()).map(({ id }) => id) : reply.status;
    } catch {
      return 0;
    }
  }

  async function link(panel, running, now) {
    const { sessionContext: context } = panel;
    const kernel = context.session?.kernel;
    if (isLinked(panel) || panel.isDisposed) return;
    if (["restarting", "autorestarting", "starting"].includes(context.kernelDisplayStatus)) return;
    const isThere = kernel && !kernel.isDisposed && running.includes(kernel.id) && kernel.status !== "dead";
    if (isThere && kernel.connectionStatus === "connecting" && now - since.get(panel) < PATIENCE) return;
    if (!failed.has(panel)) say(false, AGAIN);
    try {
      if (isThere) await kernel.reconnect();
      else if (kernel && running.includes(kernel.id)) await context.restartKernel();
      else {
        await Promise.all([sessions.refreshRunning(), kernels.refreshRunning()]); // JupyterLab learns what is gone
        await context.changeKernel({ name: context.prevKernelName });
      }
      failed.delete(panel);
    } catch (error) {
      console.debug("soins-centres-personnes:", error);
      failed.add(panel);
      say(false, STUCK);
    }
    since.delete(panel);
  }

  const turn = async () => {
    if (looking) return;
    looking = true;
    await look().catch((error) => console.error("soins-centres-personnes:", error));
    looking = false;
  };
  tracker.widgetAdded.connect((_, { sessionContext }) => sessionContext.connectionStatusChanged.connect(turn));
  addEventListener("online", turn);
  setInterval(turn, PAUSE);
}
