// A press takes the focus out of a field before it becomes a click. What grows or goes on the page in between moves the
// button away from under the pointer, and the click is lost.

let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), true);

/** Acts at once or, during a press, after the click that it becomes. */
export function afterPress(act) {
  if (!pressed) return act();
  const stop = new AbortController();
  const later = () => {
    stop.abort();
    setTimeout(act); // the click comes in the same task as the end of its press
  };
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, later, { signal: stop.signal });
}
