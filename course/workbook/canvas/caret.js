// The caret: where it is, and that it is there again when the kernel's new canvas has taken the place of the old one.
import { homeOf } from "./tree.js";

export class Caret {
  constructor(root, session, table) {
    this.root = root;
    this.session = session;
    this.table = table;
    for (const event of ["focusin", "input", "keyup", "pointerup"]) {
      root.addEventListener(event, ({ target }) => this.remember(target));
    }
    root.addEventListener("focusout", (event) => this.left(event));
  }

  remember(area) {
    if (!area?.place) return;
    const { selectionStart: start, selectionEnd: end } = area;
    this.session.focus = { row: area.place.row, field: area.field, place: area.place, start, end };
  }

  left({ target, relatedTarget }) {
    const focus = this.session.focus;
    // A field that is taken off the page, or a window that is left, has lost its focus to nobody: its caret is still
    // wanted. Some browsers say `focusout` just before the removal, hence the wait.
    setTimeout(() => {
      if (!target.isConnected || !document.hasFocus() || this.root.contains(relatedTarget)) return;
      if (this.session.focus === focus) this.session.focus = null;
    });
  }

  comeBack() {
    const focus = this.session.focus;
    const standIn = document.querySelector(".course-stand-in");
    const free = document.activeElement === document.body || document.activeElement === standIn;
    if (!focus || !free || !this.root.isConnected) return;
    const area = this.table.fieldOf(focus.row, focus.field);
    if (!area?.isConnected) return;
    area.focus({ preventScroll: true });
    area.setSelectionRange(focus.start, focus.end);
    standIn?.remove();
  }

  // While one canvas is gone and the next is not there the person goes on typing: an unseen field takes the keystrokes.
  standIn() {
    const focus = this.session.focus;
    if (!focus || (document.activeElement && document.activeElement !== document.body)) return;
    const area = this.table.field(focus.place, focus.field, this.text(focus), { label: "Suite de votre texte" });
    area.className = "course-stand-in";
    area.addEventListener("keydown", (event) => event.stopPropagation());
    for (const event of ["input", "keyup"]) area.addEventListener(event, () => this.remember(area));
    area.addEventListener("blur", () => area.remove());
    document.body.append(area);
    area.focus({ preventScroll: true });
    area.setSelectionRange(focus.start, focus.end);
  }

  text({ place, field }) {
    return homeOf(this.session.tree(), place).find((row) => row.id === place.row)?.[field] ?? "";
  }
}
