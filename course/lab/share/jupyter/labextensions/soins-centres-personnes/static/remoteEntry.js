// The door of the extension: a Module Federation container written by hand, so that nothing has to be built.
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
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("./style.css", here).href;
    document.head.append(link);
    return {};
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["soins-centres-personnes"] = {
    init(modules) {
      scope ??= modules;
    },
    async get(module) {
      if (module === "./style") return style;
      const { plugins } = await import(new URL("./plugins.js", here).href);
      const made = await plugins(shared);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
