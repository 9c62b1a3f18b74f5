// Where the focus is in the bench, so that it is there again when a new kernel's bench has taken the place of the old one.

const ELSEWHERE = "input, textarea, select, .cm-content, .course-card";

export class Seat {
  constructor(view) {
    this.view = view;
    const { root, comment } = view;
    root.addEventListener("focusin", ({ target }) => this.remember(target));
    for (const event of ["input", "keyup", "pointerup"]) comment.area.addEventListener(event, () => this.remember(comment.area));
    root.addEventListener("focusout", (event) => this.left(event));
  }

  get session() {
    return this.view.session;
  }

  remember(target) {
    const { comment, criteria, title } = this.view;
    const { selectionStart: start, selectionEnd: end } = comment.area;
    if (target === comment.area) this.session.seat = { where: "comment", start, end };
    else if (criteria.node.contains(target)) this.session.seat = { where: "criteria" };
    else this.session.seat = target === title ? { where: "title" } : null;
  }

  // What is taken off the page has lost its focus to nobody: it is still wanted. Some browsers say so before the removal.
  left({ target, relatedTarget }) {
    const { seat } = this.session;
    queueMicrotask(() => target.isConnected || this.session.tell("left")); // the next letter falls into the new bench
    setTimeout(() => {
      if (!target.isConnected || !document.hasFocus() || this.view.root.contains(relatedTarget)) return;
      if (this.session.seat === seat) this.session.seat = null;
    });
  }

  // To this bench, from one that is leaving the page or has left it.
  comeBack(leaving) {
    const { root, comment, criteria, title } = this.view;
    const { seat } = this.session;
    const active = document.activeElement;
    const free = !active || leaving?.contains(active) || active === document.body || (active.closest(".jp-Notebook") && !active.closest(ELSEWHERE));
    if (!seat || !free || leaving === root || !root.isConnected || !this.session.copy) return;
    if (seat.where === "title") {
      title.focus();
      return root.scrollIntoView();
    }
    if (seat.where === "criteria") return criteria.focus(criteria.current);
    comment.area.focus({ preventScroll: true });
    comment.area.setSelectionRange(seat.start, seat.end);
  }
}
