// A line of a teacher's Markdown as elements: *emphasis*, **strong**, and links as their text. Never as HTML.
import { make } from "./dom.js";

const MARKS = /\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]+)\]\([^)]*\)/g;

export function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    const [whole, strong, emphasis, link] = found;
    if (found.index > end) nodes.push(text.slice(end, found.index));
    if (strong) nodes.push(make("strong", {}, strong));
    else if (emphasis) nodes.push(make("em", {}, emphasis));
    else nodes.push(link);
    end = found.index + whole.length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}
