// Links from a widget to the course's notebooks, which JupyterLab opens in a tab of its own as it does those of a text.
import { make } from "./dom.js";

/**
 * The path of a notebook of the workbook, `modules/02-concepts.ipynb`, as the server knows it.
 * @param {Model} model
 */
function served(model, path) {
  const own = model.widget_manager?.context?.path ?? ""; // of the notebook that this widget stands in
  const rooms = /^(?:(.*)\/)?(?:modules|exercises)\//.exec(own.replace(/^[^/]*:/, ""));
  return rooms?.[1] ? `${rooms[1]}/${path}` : path;
}

function address(path) {
  try {
    const { baseUrl } = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("jupyter-config-data")).textContent);
    return `${baseUrl ?? "/"}lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
  } catch {
    return `../${path}`; // a page without JupyterLab
  }
}

/** @param {Model} model */
export function notebookLink(model, path, text, cell = "") {
  const place = served(model, path);
  const args = JSON.stringify({ path: place, id: cell && `#cell-id=${cell}`, scope: "server" });
  return make(
    "a",
    {
      class: "course-link",
      href: address(place) + (cell && `#cell-id=${cell}`),
      "data-commandlinker-command": "rendermime:handle-local-link",
      "data-commandlinker-args": args,
    },
    text,
  );
}
