// The six criteria of quality above a canvas: a line each, with its points and its three levels.
import { make } from "../dom.js";

const PHONE = 640; // px; there, they are folded: the first field is near
const ROOM = "(min-width: 1100px) and (min-height: 920px)"; // elsewhere, a line opens on its levels

/** Points as French writes them. */
export const written = (points) => String(points).replace(".", ",");
export const worth = (points) => `${written(points)} point${points >= 2 ? "s" : ""}`;

export function criteria(rubric) {
  const total = rubric.reduce((sum, { points }) => sum + points, 0);
  const roomy = matchMedia(ROOM).matches;
  return make(
    "details",
    { class: "course-look", open: innerWidth > PHONE && "" },
    make("summary", {}, make("span", {}, make("b", {}, `Ce que l’on regarde\u00a0: six critères, ${total} points.`), " Votre formatrice ou votre formateur lit le canevas en entier.")),
    make("ol", { "aria-label": "Critères", class: roomy && "course-roomy" }, ...rubric.map((criterion) => make("li", {}, ...line(criterion, roomy)))),
  );
}

function line({ title, points, levels }, roomy) {
  const [name, scope] = title.split(/(?=\u00a0:)/);
  const heading = make("span", {}, name, scope ? make("span", { class: "course-scope" }, scope) : "");
  const head = [heading, make("span", { class: "course-points" }, worth(points))];
  const texts = levels.map((text, level) => `${written((points * level) / 2)}\u00a0: ${text}`);
  const shown = make("p", {}, `${texts.join(" · ")}.`);
  return roomy ? [...head, shown] : [make("details", {}, make("summary", {}, ...head), shown)];
}
