// The address bar: one page of the course at a time, with the browser's own back and forward.
export class Address {
  /**
   * @param {string} home the address of the home page, without a final slash, as "/lab"
   * @param {(path: string, hash: string) => void} [go] shows where the browser's back and forward lead
   */
  constructor(home, go) {
    this.home = home;
    this.prefix = `${home}/tree/`;
    if (go) addEventListener("popstate", () => go(this.path, location.hash));
  }

  get path() {
    const { pathname } = location;
    return pathname.startsWith(this.prefix) ? decodeURIComponent(pathname.slice(this.prefix.length)) : "";
  }

  url(path, hash = "") {
    return (path ? this.prefix + path.split("/").map(encodeURIComponent).join("/") : this.home) + hash;
  }

  put(path, hash = "", { replace = false } = {}) {
    const url = this.url(path, hash);
    if (url === location.pathname + location.search + location.hash) return;
    history[replace ? "replaceState" : "pushState"]({}, "", url);
  }
}

/** The page that a link leads to, as {path, hash}, or null: a link of JupyterLab's to a file, or an address of the course. */
export function target(link, { home, prefix }) {
  if (!link || link.hasAttribute("download")) return null;
  if (link.dataset.commandlinkerCommand === "rendermime:handle-local-link") {
    const { path, id } = JSON.parse(link.dataset.commandlinkerArgs);
    return { path: path.replace(/^[^/:]*:/, ""), hash: id ?? "" };
  }
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin) return null;
  if (url.pathname === home) return { path: "", hash: "" };
  // A link of a text is to a file of the server, until JupyterLab has connected it to a command.
  for (const start of [prefix, prefix.replace(/lab\/tree\/$/, "files/")]) {
    if (url.pathname.startsWith(start)) return { path: decodeURIComponent(url.pathname.slice(start.length)), hash: url.hash };
  }
  return null;
}
