// Remembers the focus in the bench, to restore it when the bench of a new kernel replaces the old one.

const ELSEWHERE = "input, textarea, select, .cm-content, .course-card";

export class FocusKeeper {
  constructor(view) {
    this.view = view;
    const { root, comment } = view;
    root.addEventListener("focusin", ({ target }) => this.remember(target));
    for (const event of ["input", "keyup", "pointerup"]) comment.area.addEventListener(event, () => this.remember(comment.area));
    root.addEventListener("focusout", (event) => this.onFocusOut(event));
  }

  get session() {
    return this.view.session;
  }

  remember(target) {
    const { comment, criteria, title } = this.view;
    const { selectionStart: start, selectionEnd: end } = comment.area;
    if (target === comment.area) this.session.focus = { where: "comment", start, end };
    else if (criteria.node.contains(target)) this.session.focus = { where: "criteria" };
    else this.session.focus = target === title ? { where: "title" } : null;
  }

  // An element removed from the page loses its focus to no other one, so the focus is remembered. Some browsers fire the
  // event before the removal.
  onFocusOut({ target, relatedTarget }) {
    const { focus } = this.session;
    queueMicrotask(() => target.isConnected || this.session.notify("left")); // the next keystroke goes into the new bench
    setTimeout(() => {
      if (!target.isConnected || !document.hasFocus() || this.view.root.contains(relatedTarget)) return;
      if (this.session.focus === focus) this.session.focus = null;
    });
  }

  // Moves the focus to this bench from one that is leaving the page or has left it.
  restore(leaving) {
    const { root, comment, criteria, title } = this.view;
    const { focus } = this.session;
    const active = document.activeElement;
    const free = !active || leaving?.contains(active) || active === document.body || (active.closest(".jp-Notebook") && !active.closest(ELSEWHERE));
    if (!focus || !free || leaving === root || !root.isConnected || !this.session.copy) return;
    if (focus.where === "title") {
      title.focus();
      return root.scrollIntoView();
    }
    if (focus.where === "criteria") return criteria.focus(criteria.current);
    comment.area.focus({ preventScroll: true });
    comment.area.setSelectionRange(focus.start, focus.end);
  }
}
