// The long part of a lesson: folded under its heading, with a button that says so; a link to a cell in it opens it.

const TAG = "plus-loin"; // of the heading's cell
const FOLDED = "Afficher cette partie";
const OPEN = "Replier cette partie";
const FRAMES = 120; // JupyterLab parses the headings as it unfolds, some each frame

/** Give the folded headings of every notebook their button, and unfold them for the links that lead below. */
export function folds(tracker, { NotebookActions, NotebookPanel }) {
  const follow = async (panel) => {
    await panel.context.ready;
    if (panel.isDisposed) return;
    const toggle = (heading) => NotebookActions.setHeadingCollapse(heading, !heading.headingCollapsed, panel.content);
    for (const heading of panel.content.widgets.filter(isHeading)) {
      heading.ready.then(() => heading.isDisposed || heading.node.append(button(heading, toggle)));
    }
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));

  // Of the class: a notebook that a link opens is sent to its cell before anybody is told that the notebook is there.
  const go = NotebookPanel.prototype.setFragment;
  NotebookPanel.prototype.setFragment = async function (fragment) {
    await this.context.ready;
    await this.revealed;
    if (!this.isDisposed) await unfold(this.content, fragment, NotebookActions);
    if (!this.isDisposed) go.call(this, fragment);
  };
}

async function unfold(notebook, fragment, { setHeadingCollapse }) {
  const place = notebook.widgets.findIndex((cell) => fragment === `#cell-id=${cell.model.id}`);
  const heading = headingAbove(notebook.widgets, place);
  if (!heading?.headingCollapsed) return;
  await heading.getHeadings();
  setHeadingCollapse(heading, false, notebook);
  for (let frame = 0; frame < FRAMES && notebook.widgets[place]?.isHidden; frame++) {
    await new Promise(requestAnimationFrame);
  }
}

const isHeading = (cell) => Boolean(cell.model.getMetadata("tags")?.includes(TAG));

// The heading that folds the cell at a place; what it folds ends with the next section.
function headingAbove(cells, place) {
  for (let above = place - 1; above >= 0; above--) {
    if (isHeading(cells[above])) return cells[above];
    if (cells[above].model.sharedModel.getSource().startsWith("## ")) break;
  }
  return undefined;
}

function button(heading, toggle) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "course-fold";
  const say = () => {
    made.textContent = heading.headingCollapsed ? FOLDED : OPEN;
    made.ariaExpanded = String(!heading.headingCollapsed);
  };
  made.addEventListener("click", () => toggle(heading));
  heading.headingCollapsedChanged.connect(say);
  say();
  return made;
}
