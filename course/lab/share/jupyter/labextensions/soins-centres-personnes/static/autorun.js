// The course's cells run at the opening of a notebook, and each time its kernel has become another one.
import { callFor } from "./allowlist.js";
import { refreshAll, settle } from "./outputs.js";

const LIVE = "course-live";

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
  session.kernelChanged.connect((_, { newValue }) => {
    fresh = true;
    if (newValue && session.isReady) go();
  });
  session.statusChanged.connect((_, status) => {
    if (["restarting", "autorestarting", "dead"].includes(status)) fresh = true;
    else if (status === "starting" && !fresh && session.isReady) {
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
  return refreshAll(cells, kernel);
}

/** True for a notebook with cells that run by themselves. */
export const isLive = (panel) => liveCells(panel).length > 0;
