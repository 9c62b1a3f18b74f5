// The bar that stays in view whatever is scrolled: whether all that was typed on this page is saved, and whether the course
// answers. JupyterLab gives it a place of its own; on a plain page it lies on the lower edge.
import { make } from "./dom.js";

const PLACE = "course-bar-place"; // as in course/lab/share/…/reconnection.js
const BREAK = 30000; // ms without an edit, after which the next « Enregistré » is read aloud again

const statuses = () => (globalThis.courseStatuses ??= new Map()); // of a canvas or a form -> [level, text]
let edited = 0; // when the last edit came

function bar() {
  const present = document.getElementById("course-bar");
  if (present) return present;
  const style = {
    box: "box-sizing: border-box; padding: 3px 12px; font: 14px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); color: var(--jp-ui-font-color0, #111); background: var(--jp-layout-color2, #eee);",
    edge: "position: fixed; inset: auto 0 0 0; z-index: 10;",
    unseen: "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);",
  };
  const place = document.getElementById(PLACE);
  const node = make(
    "div",
    { id: "course-bar", class: "course-bar", lang: "fr", style: style.box + (place ? "" : style.edge) },
    make("span"),
    make("span", { role: "status", style: style.unseen }),
  );
  (place ?? document.body).append(node);
  if (!place) {
    // What has the focus stays above it, also when its text takes a line more, and so can the last line be.
    new ResizeObserver(() => {
      document.documentElement.style.scrollPaddingBottom = `${node.offsetHeight}px`;
      document.body.style.paddingBottom = `${node.offsetHeight}px`;
      if (document.activeElement !== document.body) document.activeElement?.scrollIntoView({ block: "nearest" });
    }).observe(node);
  }
  addEventListener("course-connection", draw);
  return node;
}

function draw() {
  const node = bar();
  const [shown, aloud] = node.children;
  const all = [...statuses().values()].filter(([, text]) => text);
  const link = globalThis.courseConnection ?? { isLinked: true, text: "" };
  const alarms = all.filter(([level]) => level === "alarm").map(([, text]) => text);
  const busy = all.find(([level]) => level === "busy");
  const [, rest] = busy ?? all.find(([level]) => level === "saved") ?? all[0] ?? ["", ""];
  const level = !link.isLinked || alarms.length ? "alarm" : "calm";
  const text = [link.text, ...(!link.isLinked ? [] : alarms.length ? new Set(alarms) : [rest])].filter(Boolean).join(" ");
  if (shown.textContent !== text) shown.textContent = text;
  node.dataset.level = level;
  node.hidden = !text;
  node.style.borderTop = level === "alarm" ? "3px solid var(--jp-warn-color0, #b35900)" : "1px solid var(--jp-border-color0, #767676)";
  if (level === "alarm" || link.text) edited = 0;
  if (!busy && (level === "alarm" || link.text || all.some(([one]) => one === "saved")) && aloud.textContent !== text) aloud.textContent = text;
  if (busy && Date.now() - edited > BREAK && level === "calm") aloud.textContent = "";
  if (busy) edited = Date.now();
}

/**
 * Says how things stand with one canvas or form; null takes it off the bar.
 * @param {[string, string] | null} status its level, `saved`, `busy`, `alarm` or `calm`, and a French text
 */
export function showStatus(key, status) {
  const before = statuses().get(key);
  if (before && status && before[0] === status[0] && before[1] === status[1]) return;
  if (status) statuses().set(key, status);
  else statuses().delete(key);
  draw();
}
