// How a course cell's output becomes a new one: what is shown stays until what replaces it is on the page.

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

/**
 * Run code for a cell and swap its outputs when the new ones are drawn.
 *
 * The kernel's messages reach the cell's output area as after an ordinary run (`reattachFuture`, JupyterLab 4.6 and
 * later), so widgets and later messages of the same request work; only the clearing is ours.
 */
export async function refresh(cell, kernel, code) {
  const request = { code, stop_on_error: false, allow_stdin: false, store_history: false };
  const future = kernel.requestExecute(request, false, { cellId: cell.model.id });
  let swapped = null;
  future.registerMessageHook(({ header, content }) => {
    if (!SHOWN.has(header.msg_type)) return true;
    if (header.msg_type !== "error") {
      swapped ??= swap(cell);
      return true;
    }
    cell.model.outputs.add(failure(content)); // below what is shown, in the place of a traceback
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
  return new Promise((resolve) => {
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

/** What a person reads in the place of a traceback. */
function failure({ ename, evalue }) {
  const text =
    `Cette partie du cahier n’a pas pu s’ouvrir (${ename} : ${evalue}). Ce qui était enregistré l’est toujours. ` +
    "Fermez cette page, relancez « course open », et montrez ce message à votre formateur s’il revient.";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  paragraph.setAttribute("role", "alert");
  paragraph.lang = "fr";
  return {
    output_type: "display_data",
    metadata: {},
    data: { "text/plain": text, "text/html": paragraph.outerHTML },
  };
}
