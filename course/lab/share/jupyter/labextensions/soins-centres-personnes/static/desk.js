// A trainee's desk: JupyterLab without what would surprise somebody who only reads and types.

const NARROW = "(max-width: 799px)"; // the list of files would leave no room to read

export function desk(app, name) {
  document.body.dataset.courseDesk = name; // for the style sheet
  if (name !== "stagiaire") return;
  app.restored.then(() => {
    app.shell.collapseRight?.(); // with nothing in it, it would stand open, an empty third of the window
    const narrow = matchMedia(NARROW);
    let closed = false; // by us, not by the person
    const fit = () => {
      if (narrow.matches ? app.shell.leftCollapsed : !closed) return;
      closed = narrow.matches;
      closed ? app.shell.collapseLeft() : app.shell.expandLeft();
    };
    narrow.addEventListener("change", fit); // zooming makes a window narrow as well
    fit();
  });
  addEventListener("keydown", spare, { capture: true });
}

// On a selected cell each letter is a command: `x` cuts it, `d d` deletes it. Somebody who believes the caret to be in
// a field must not take the lesson apart. (Listening on the window comes before JupyterLab, on the document.)
function spare(event) {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const letter = key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
  if (letter && target.closest?.(".jp-Notebook") && !target.closest("input, textarea, select, [contenteditable=true]")) {
    event.stopImmediatePropagation();
  }
}
