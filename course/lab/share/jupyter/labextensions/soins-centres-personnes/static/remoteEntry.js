// The entry of the extension: a Module Federation container written by hand, so that nothing has to be built.
// JupyterLab calls `init` with the modules it shares, then `get` for what package.json names.
(() => {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  let scope;

  // A shared module has one entry a version; JupyterLab's own are loaded first.
  const shared = async (name) => {
    const versions = Object.values(scope[name]);
    const entry = versions.find((version) => version.loaded) ?? versions[0];
    return (await entry.get())();
  };

  const style = () => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: config.courseTokens ?? "" }));
    for (const sheet of ["./style.css", "./shell/shell.css"]) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(sheet, here).href }));
    }
    return {};
  };

  // This script is the first that the page runs: the header is there before the lab's own 8 MB.
  const config = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("jupyter-config-data")).textContent);
  document.body.dataset.courseDesk = config.courseDesk;
  if (config.courseShell === "cours") {
    document.body.dataset.courseShell = "";
    style();
    import(new URL("./shell/cover.js", here).href).then(({ cover }) => cover(config));
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["soins-centres-personnes"] = {
    init(modules) {
      scope ??= modules;
    },
    async get(module) {
      if (module === "./style") return config.courseShell === "cours" ? () => ({}) : style;
      const { plugins } = await import(new URL("./plugins.js", here).href);
      const made = await plugins(shared, config);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
