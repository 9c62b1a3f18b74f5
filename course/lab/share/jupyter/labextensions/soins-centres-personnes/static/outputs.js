// The change of a course cell's output: the former one stays until the one that replaces it is on the page.
import { codeIn, codeOf, codeOfAll } from "./allowlist.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const SHOWN = new Set(["display_data", "execute_result", "stream", "error"]);
const PATIENCE = 10000; // ms an output may take to draw itself before it is shown as it is

/** A saved widget is dead: show the table saved beside it, or nothing, until a kernel answers. */
export function settle(cell) {
  const { outputs } = cell.model;
  for (let index = outputs.length - 1; index >= 0; index--) {
    const output = outputs.get(index).toJSON();
    if (!output.data || !(WIDGET in output.data)) continue;
    const { [WIDGET]: _, ...data } = output.data;
    if ("text/html" in data) outputs.set(index, { ...output, data });
    else outputs.remove(index);
  }
}

const REQUEST = { stop_on_error: false, allow_stdin: false, store_history: false };
const CELL = "course_cell"; // as in course/lab/kernel.py

/**
 * Make the calls of the cells of a page and swap their outputs when the new ones are drawn.
 *
 * All calls are one request: asked for each cell, a kernel, the server and this page pass four times as many messages.
 * What a call shows says which cell it is for; a cell that got nothing is run by itself, which tells what is wrong.
 */
export async function refreshAll(cells, kernel, path) {
  if (!cells.length) return;
  const start = codeIn(path);
  const swapped = new Map(); // cell -> the end of its swap
  const request = { ...REQUEST, code: start + codeOfAll(cells.map(({ call }) => call)) };
  const future = kernel.requestExecute(request, false, { cellId: cells[0].cell.model.id });
  future.onIOPub = ({ header, content }) => {
    const { cell } = cells[header.msg_type === "display_data" ? content.transient?.[CELL] : -1] ?? {};
    if (!cell || cell.isDisposed) return;
    if (!swapped.has(cell)) swapped.set(cell, swap(cell));
    cell.model.outputs.add({ output_type: "display_data", data: content.data, metadata: content.metadata });
  };
  await future.done;
  const left = cells.filter(({ cell }) => !swapped.has(cell) && !cell.isDisposed);
  await Promise.all([...swapped.values(), ...left.map(({ cell, call }) => refresh(cell, kernel, start + codeOf(call)))]);
}

/**
 * Run code for one cell.
 *
 * The kernel's messages reach the cell's output area as after an ordinary run (`reattachFuture`, JupyterLab 4.6 and
 * later); only the clearing and the message of an error are ours.
 */
async function refresh(cell, kernel, code) {
  const future = kernel.requestExecute({ ...REQUEST, code }, false, { cellId: cell.model.id });
  let swapped = /** @type {Promise<void> | null} */ (null);
  future.registerMessageHook(({ header, content }) => {
    if (!SHOWN.has(header.msg_type)) return true;
    if (header.msg_type !== "error") {
      swapped ??= swap(cell);
      return true;
    }
    cell.model.outputs.add(failure(content)); // below what is shown, in the place of a traceback
    // So that a screen reader reads it: JupyterLab removes roles from HTML.
    cell.outputArea.widgets.at(-1)?.node.setAttribute("role", "alert");
    return false;
  });
  cell.outputArea.reattachFuture(future);
  await future.done;
  await swapped;
}

const swaps = new WeakMap(); // output area -> how to give up the swap that is under way there

/** Take the present outputs away as soon as those that are about to come are drawn. */
async function swap({ model, outputArea: area }) {
  swaps.get(area)?.abort(); // a kernel that died between its answer and its drawing
  const mine = new AbortController();
  swaps.set(area, mine);
  const { outputs } = model;
  if (!model.trusted) {
    outputs.clear(); // what a stranger saved is never trusted along with what the kernel says now
    model.trusted = true;
  }
  let old = outputs.length;
  const forget = (_, change) => {
    if (change.type === "clear") old = 0;
  };
  outputs.changed.connect(forget);
  area.widgets.forEach((widget) => widget.addClass("course-old"));
  area.addClass("course-swapping");
  await drawn(area, () => old, mine.signal);
  outputs.changed.disconnect(forget);
  if (mine.signal.aborted || area.isDisposed) return;
  area.removeClass("course-swapping");
  for (; old > 0; old--) outputs.remove(0);
}

/** Wait until every output after the first `old()` ones has something on the page, for `PATIENCE` at most. */
function drawn(area, old, signal) {
  const done = () => {
    const fresh = area.widgets.slice(old());
    return fresh.length > 0 && fresh.every((widget) => isDrawn(widget.node.querySelector(".jp-OutputArea-output")));
  };
  return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    const finish = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    // An observer is told before the next keystroke is dispatched: no letter falls between the two outputs.
    const observer = new MutationObserver(() => done() && finish());
    observer.observe(area.node, { childList: true, subtree: true });
    const timer = setTimeout(finish, PATIENCE);
    signal.addEventListener("abort", finish);
  });
}

// A widget's place holds mere text while its model is looked for (and that class when it is not found), then an empty
// <div> while its module loads.
function isDrawn(place) {
  const first = place?.firstElementChild;
  return first ? first.tagName !== "DIV" || first.hasChildNodes() : (place?.matches(".jupyter-widgets") ?? true);
}

/** Return the output shown in the place of a traceback: French sentences, and the error apart, as code. */
function failure({ ename, evalue }) {
  const text =
    "Cette partie du cahier n’a pas pu s’ouvrir. Ce qui était enregistré l’est toujours. " +
    "Fermez cette page, rouvrez le cours, et montrez ce message à votre formateur s’il revient.";
  const error = `${ename}: ${evalue}`;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  paragraph.lang = "fr";
  const detail = document.createElement("code");
  detail.textContent = error;
  return {
    output_type: "display_data",
    metadata: {},
    data: { "text/plain": `${text}\n${error}`, "text/html": paragraph.outerHTML + detail.outerHTML },
  };
}
