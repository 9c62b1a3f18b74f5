// On Binder: a bar that says that the session forgets, with all answers to download beside it, kernel or no kernel.
import { zip } from "./zip.js";

const FOLDER = "reponses";
const DEEPEST = 6; // folders below the root
const MOST_FOLDERS = 300;
const MOST_FILES = 500;

const WARNING =
  "Cette session est provisoire\u00a0: elle s’efface après quelques minutes sans activité. " +
  "Téléchargez vos réponses avant de partir.";

/** Put the bar above everything else of the lab. */
export function notice(app, Widget) {
  const bar = document.createElement("div");
  bar.className = "course-notice";
  bar.lang = "fr";
  bar.setAttribute("role", "note");
  bar.setAttribute("aria-label", "Session provisoire");
  const text = document.createElement("p");
  text.textContent = WARNING;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Télécharger toutes mes réponses";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "Préparation du fichier…";
    status.textContent = await download(app.serviceManager.contents);
    button.disabled = false;
    button.focus();
  });
  bar.append(text, button, status);

  const widget = new Widget({ node: document.createElement("div") });
  widget.id = "course-notice";
  widget.node.append(bar);
  app.shell.add(widget, "header");
  // The lab lays its rows out by their least height: that of the text, on however many lines.
  new ResizeObserver(() => {
    widget.node.style.minHeight = `${bar.offsetHeight}px`;
    widget.parent?.fit();
  }).observe(bar);
}

/** Save every answers file of the server's folders as one archive; return a sentence on the result. */
async function download(contents) {
  try {
    const files = (await answers(contents)).filter(({ bytes }) => !isBlank(bytes));
    if (!files.length) return "Vous n’avez pas encore de réponse enregistrée.";
    save(zip(files), `mes-reponses-${new Date().toISOString().slice(0, 10)}.zip`);
    return files.length > 1 ? `${files.length} canevas téléchargés.` : "1 canevas téléchargé.";
  } catch (error) {
    console.error(error);
    return "Le téléchargement n’a pas abouti. Attendez un instant, puis recommencez.";
  }
}

async function answers(contents) {
  const files = [];
  let level = [""];
  for (let depth = 0, seen = 0; depth <= DEEPEST && level.length; depth++) {
    const below = [];
    for (const path of level) {
      if (++seen > MOST_FOLDERS) return files;
      const folder = await contents.get(path, { type: "directory", content: true });
      for (const item of folder.content) {
        if (item.type === "directory") below.push(item.path);
        else if (folder.name === FOLDER && item.name.endsWith(".json")) files.push(await file(contents, item));
        if (files.length >= MOST_FILES) return files;
      }
    }
    level = below;
  }
  return files;
}

async function file(contents, { path, last_modified: modified }) {
  const { content } = await contents.get(path, { type: "file", format: "base64", content: true });
  return { name: path, bytes: Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)), date: new Date(modified) };
}

const TYPED = /"(strategy|action|responsible|due|indicator)"\s*:\s*"[^"]/;

/** True for a file as the opening of a notebook writes it: a canvas that nobody has touched. */
function isBlank(bytes) {
  try {
    const text = new TextDecoder().decode(bytes);
    return JSON.parse(text).revision === 0 && !TYPED.test(text);
  } catch {
    return false; // not for this bar to judge: it goes with the others
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
