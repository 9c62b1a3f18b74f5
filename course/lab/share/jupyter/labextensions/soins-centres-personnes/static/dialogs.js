// The dialogs by which JupyterLab says that a kernel died, that the server is gone or that a notebook could not be saved
// take the focus in the middle of a word. The canvas says in its own status line what is saved and what is not, and all
// of it mends by itself: nothing is left to confirm.
import { isLive } from "./autorun.js";

const DIED = ["Kernel Restarting", "The kernel for %1 appears to have died. It will restart automatically."];
const CUT = [
  "Server Connection Error",
  "A connection to the Jupyter server could not be established.\n" +
    "JupyterLab will continue trying to reconnect.\n" +
    "Check your network connection or Jupyter server configuration.\n",
];
const UNSAVED = "File Save Error for %1";

export function quiet(tracker, translator, Dialog) {
  const trans = translator.load("jupyterlab");
  // JupyterLab 4.6 says the first in English whatever the language; it may learn to translate it.
  const died = (/** @type {string[]} */ [title, body], path) => [
    `${title} ${body.replace("%1", path)}`,
    `${trans.__(title)} ${trans.__(body, path)}`,
  ];
  const about = {
    died: (label) => tracker.find(({ context }) => died(DIED, context.path).includes(label)),
    cut: (label) => label === CUT.map((text) => trans.__(text)).join(" ") && tracker.currentWidget,
    // Her own notes are in the notebook: of these she is told, unless she is writing in a canvas now.
    unsaved: (label) =>
      document.activeElement?.closest(".course-live") &&
      tracker.find(({ title }) => label?.startsWith(`${trans.__(UNSAVED, title.label)} `)),
  };
  Dialog.tracker.widgetAdded.connect((_, dialog) => {
    // A dialog is announced from its constructor, when only its label tells what it is about.
    const label = dialog.node.ariaLabel;
    const panel = about.died(label) || about.cut(label) || about.unsaved(label);
    // Refused before the microtask that would put it on the page, it never gets there.
    if (panel && isLive(panel)) queueMicrotask(() => dialog.reject());
  });
}
