// The course's cells run at the opening of a notebook, and each time its kernel has become another one.
import { callFor } from "./allowlist.js";
import { refreshAll, settle } from "./outputs.js";

const LIVE = "course-live";
const PAUSE = 3000; // ms after which a kernel that was started again is asked whether it is there

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follow every notebook that is open or gets opened. */
export function autorun(tracker) {
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}

async function follow(panel) {
  await panel.context.ready;
  if (panel.isDisposed) return;
  for (const { cell } of liveCells(panel)) {
    cell.addClass(LIVE);
    settle(cell);
  }
  const session = panel.sessionContext;
  let fresh = true; // the kernel knows nothing of this page yet
  const go = async () => {
    const kernel = session.session?.kernel;
    if (!fresh || !kernel || panel.isDisposed) return;
    fresh = false;
    try {
      const { language_info: language } = await kernel.info;
      if (language.name === "python") await run(panel, kernel);
    } catch (error) {
      // A kernel that dies cancels what it was asked; the one after it is asked again.
      console.debug("soins-centres-personnes:", error);
    }
  };
  let waking = false;
  // What a kernel says while its link is replaced by another is lost: without its « idle », it is asked.
  const awaken = async () => {
    if (waking) return;
    waking = true;
    for (;;) {
      await wait(PAUSE);
      const kernel = session.session?.kernel;
      if (!fresh || panel.isDisposed) break;
      if (kernel?.connectionStatus !== "connected" || kernel.status === "dead") continue;
      const answered = kernel.requestKernelInfo().then(Boolean, () => false);
      if (await Promise.race([answered, wait(PAUSE)])) await go();
      else if (fresh) await kernel.reconnect().catch((error) => console.debug("soins-centres-personnes:", error));
    }
    waking = false;
  };
  session.kernelChanged.connect((_, { newValue }) => {
    fresh = true;
    if (newValue && session.isReady) go();
  });
  session.statusChanged.connect((_, status) => {
    if (["restarting", "autorestarting", "dead"].includes(status)) {
      fresh = true;
      awaken();
    } else if (status === "starting" && !fresh && session.isReady) {
      fresh = true;
      // Restarted elsewhere: its channels are new, and no further status comes over the old ones.
      session.session?.kernel?.reconnect().catch((error) => console.debug("soins-centres-personnes:", error));
    } else if (status === "idle" && session.isReady) go();
  });
  await session.ready;
  await go();
}

/** The cells of a notebook that may run by themselves, with the call of each. */
function liveCells(panel) {
  const cells = panel.content?.widgets ?? [];
  return cells
    .filter((cell) => cell.model.type === "code")
    .map((cell) => ({ cell, call: callFor(cell.model.sharedModel.getSource()) }))
    .filter(({ call }) => call !== null);
}

function run(panel, kernel) {
  const cells = liveCells(panel);
  for (const { cell } of cells) cell.addClass(LIVE);
  return refreshAll(cells, kernel, panel.context.localPath);
}

/** True for a notebook with cells that run by themselves. */
export const isLive = (panel) => liveCells(panel).length > 0;
