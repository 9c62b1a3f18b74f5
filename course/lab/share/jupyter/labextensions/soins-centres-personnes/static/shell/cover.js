// Drawn while JupyterLab's own scripts load: the header as it will be, and the home page itself where that is asked for.
import { Address } from "./address.js";
import { Course } from "./course.js";
import { Frame } from "./frame.js";
import { draw, home } from "./home.js";
import { make } from "./make.js";

const READY = ".jp-MarkdownOutput h1, .jp-Notebook .jp-Cell:not(.jp-MarkdownCell), .course-home, .jp-Dialog";

export async function cover(config) {
  document.documentElement.lang = "fr"; // JupyterLab says it later
  const course = new Course(config);
  const address = new Address(`${config.baseUrl}lab`);
  const url = (path, hash) => address.url(path, hash);
  const frame = new Frame(course, url, `${config.baseUrl}lab/workspaces/entier`);
  const path = decodeURIComponent(config.treePath ?? "") || course.start;
  const page = path ? make("p", { role: "status" }, "La page s’ouvre…") : home(course, url);
  const node = make("div", { id: "course-cover" }, frame.header, make("main", {}, page));
  frame.show(path);
  document.body.append(node, frame.contents);
  const uncover = () => {
    const ready = [...document.querySelectorAll(READY)].some((one) => !node.contains(one));
    if (!ready) return;
    seen.disconnect();
    node.remove();
    frame.contents.remove();
  };
  const seen = new MutationObserver(uncover);
  seen.observe(document.body, { childList: true, subtree: true });
  await course.refresh();
  frame.show();
  if (!path) draw(page, course, url);
}
