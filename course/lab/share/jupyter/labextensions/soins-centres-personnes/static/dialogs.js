// The dialog by which JupyterLab says that a kernel died takes the focus in the middle of a word. The canvas says in its
// own status line what is saved and what is not, and all of it mends by itself: nothing is left to confirm.
import { isLive } from "./autorun.js";

const DIED = ["Kernel Restarting", "The kernel for %1 appears to have died. It will restart automatically."];

export function quiet(tracker, translator, Dialog) {
  const trans = translator.load("jupyterlab");
  // JupyterLab 4.6 says it in English whatever the language; it may learn to translate it.
  const labels = (/** @type {string[]} */ [title, body], path) => [
    `${title} ${body.replace("%1", path)}`,
    `${trans.__(title)} ${trans.__(body, path)}`,
  ];
  Dialog.tracker.widgetAdded.connect((_, dialog) => {
    // A dialog is announced from its constructor, when only its label tells what it is about.
    const panel = tracker.find(({ context }) => labels(DIED, context.path).includes(dialog.node.ariaLabel));
    // Refused before the microtask that would put it on the page, it never gets there.
    if (panel && isLive(panel)) queueMicrotask(() => dialog.reject());
  });
}
