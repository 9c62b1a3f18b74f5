// What stands at the top of a printed page of the course; the rest is shell.css.
import { make } from "./make.js";

/** As course/core/words.py writes a moment: « 22/11/2026 à 10 h 05 ». */
const moment = (date) => date.toLocaleString("fr", { dateStyle: "short", timeStyle: "short" }).replace(" ", " à ").replace(":", "\u00a0h\u00a0");

/**
 * A line that only paper shows: whose page it is, and when it was printed.
 * @param {() => string} owner whose, in words
 */
export function printHead(owner) {
  const [who, when] = [make("b"), make("span")];
  addEventListener("beforeprint", () => {
    who.textContent = owner() || "Soins centrés sur les personnes";
    when.textContent = `Imprimé le ${moment(new Date())}`;
  });
  return make("p", { class: "course-printed", lang: "fr" }, who, when);
}
