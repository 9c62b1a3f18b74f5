// Creating elements, the only way in which the widgets put text on the page, always as text; and moments in words.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A moment as course/core/words.py writes it: « 22/11/2026 à 10 h 05 ». */
export const moment = (date) => `${date.toLocaleDateString("fr")} à ${hour(date)}`;

/** « 10 h 05 » */
export const hour = (date) => date.toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");
