// The long part of a lesson is folded when the lesson opens; a link that leads into it unfolds it.

const TAG = "plus-loin"; // of the heading's cell
const FRAMES = 120; // JupyterLab parses the headings as it unfolds, some each frame

/** Fold what opens folded, and before a notebook goes to the cell that a link names, unfold what hides it. */
export function folds(tracker, { NotebookActions, NotebookPanel }) {
  const folding = new WeakMap();
  const once = (panel) => {
    if (!folding.has(panel)) folding.set(panel, fold(panel, NotebookActions));
    return folding.get(panel);
  };
  tracker.forEach(once);
  tracker.widgetAdded.connect((_, panel) => once(panel));
  // Of the class: a notebook that a link opens is sent to its cell before anybody is told that the notebook is there.
  const go = NotebookPanel.prototype.setFragment;
  NotebookPanel.prototype.setFragment = async function (fragment) {
    await once(this);
    if (!this.isDisposed) await unfold(this.content, fragment, NotebookActions);
    if (!this.isDisposed) go.call(this, fragment);
  };
}

// JupyterLab folds by the levels of the headings, which it knows once they are parsed.
async function fold(panel, { setHeadingCollapse }) {
  await panel.context.ready;
  await panel.revealed;
  if (panel.isDisposed) return;
  const { content } = panel;
  await Promise.all(content.widgets.map((cell) => cell.getHeadings?.()));
  if (panel.isDisposed) return;
  for (const cell of content.widgets.filter(isLong)) {
    cell.addClass("course-long");
    if (cell.headingCollapsed) setHeadingCollapse(cell, true, content);
  }
}

const isLong = (cell) => cell.model.getMetadata("tags")?.includes(TAG);

async function unfold(notebook, fragment, { setHeadingCollapse }) {
  const place = notebook.widgets.findIndex((cell) => fragment === `#cell-id=${cell.model.id}`);
  const heading = headingAbove(notebook.widgets, place);
  if (!heading?.headingCollapsed) return;
  // A folding that waits for headings is tried again at each frame: it would come after this unfolding.
  await Promise.all(notebook.widgets.map((cell) => cell.getHeadings?.()));
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  setHeadingCollapse(heading, false, notebook);
  for (let frame = 0; frame < FRAMES && notebook.widgets[place]?.isHidden; frame++) {
    await new Promise(requestAnimationFrame);
  }
}

// The heading that folds the cell at a place; what it folds ends with the next section.
function headingAbove(cells, place) {
  for (let above = place - 1; above >= 0; above--) {
    if (isLong(cells[above])) return cells[above];
    if (cells[above].model.sharedModel.getSource().startsWith("## ")) break;
  }
  return undefined;
}
