// The six criteria of quality above a canvas: a line each with its points, which opens on its three levels.
import { make } from "../dom.js";

const PHONE = 640; // px; there, they are folded: the first field is near

/** Points as French writes them. */
export const written = (points) => String(points).replace(".", ",");
export const worth = (points) => `${written(points)} point${points >= 2 ? "s" : ""}`;

export function criteria(rubric) {
  const total = rubric.reduce((sum, { points }) => sum + points, 0);
  const lines = rubric.map(({ title, points, levels }) => {
    const [name, scope] = title.split(/(?=\u00a0:)/);
    const heading = make("span", {}, name, scope ? make("span", { class: "course-scope" }, scope) : "");
    const summary = make("summary", {}, heading, make("span", { class: "course-points" }, worth(points)));
    // Made when it is opened: there are eighteen canvases, and a thousand nodes that nobody may ever ask for.
    const open = () => {
      const texts = levels.flatMap((text, level) => [make("dt", {}, written((points * level) / 2)), make("dd", {}, text)]);
      if (!node.querySelector("dl")) node.append(make("dl", {}, ...texts));
    };
    const node = make("details", { ontoggle: open }, summary);
    return make("li", {}, node);
  });
  return make(
    "details",
    { class: "course-look", open: innerWidth > PHONE && "" },
    make("summary", {}, make("span", {}, make("b", {}, `Ce que l’on regarde\u00a0: six critères, ${total} points.`), " Votre formatrice ou votre formateur lit le canevas en entier.")),
    make("ol", { "aria-label": "Critères" }, ...lines),
  );
}
