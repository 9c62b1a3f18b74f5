// The long part of a lesson: folded under its heading, with a button that says so; a link to a cell in it opens it.

const TAG = "plus-loin"; // of the heading's cell
const FOLDED = "Afficher cette partie";
const OPEN = "Replier cette partie";

/** Give the folded headings of every notebook their button. */
export function folds(tracker, NotebookActions) {
  const follow = async (panel) => {
    await panel.context.ready;
    if (panel.isDisposed) return;
    const notebook = panel.content;
    const headings = notebook.widgets.filter((cell) => cell.model.getMetadata("tags")?.includes(TAG));
    const fold = (heading, folded) => NotebookActions.setHeadingCollapse(heading, folded, notebook);
    for (const heading of headings) {
      heading.ready.then(() => heading.isDisposed || heading.node.append(button(heading, fold)));
    }
    const go = notebook.setFragment.bind(notebook);
    notebook.setFragment = (fragment) => {
      const target = notebook.widgets.find((cell) => fragment === `#cell-id=${cell.model.id}`);
      if (target?.isHidden) {
        const above = headings.filter((heading) => notebook.widgets.indexOf(heading) < notebook.widgets.indexOf(target));
        if (above.length) fold(above.at(-1), false);
      }
      return go(fragment);
    };
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}

function button(heading, fold) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "course-fold";
  const say = () => {
    made.textContent = heading.headingCollapsed ? FOLDED : OPEN;
    made.ariaExpanded = String(!heading.headingCollapsed);
  };
  made.addEventListener("click", () => fold(heading, !heading.headingCollapsed));
  heading.headingCollapsedChanged.connect(say);
  say();
  return made;
}
