// The course's shell on a plain page: its real modules, with stand-ins for the few parts of JupyterLab that it uses.
async (pages) => {
  const { shell } = await import("/static/shell/jupyter.js");
  const { unsaved } = await import("/workbook/unsaved.js");
  const signal = { connect() {} };
  class Widget {
    constructor({ node }) {
      this.node = node;
    }
    dispose() {
      this.node.remove();
    }
    hide() {}
  }
  const kernels = new Map(); // id -> the model of a kernel that runs, as the server lists it
  const stopped = [];
  const open = (path) => {
    const id = `${path} ${Math.random()}`;
    kernels.set(id, { id, connections: 1 });
    const node = document.createElement("main");
    node.innerHTML = `<h1>${path}</h1>`;
    document.body.append(node);
    const session = { id, kernel: { id, connectionStatus: "connected" } };
    const panel = {
      node,
      content: { node, widgets: [] },
      toolbar: { hide() {} },
      title: {},
      isDisposed: false,
      context: { path, ready: world.broken ? Promise.reject(new Error("404")) : Promise.resolve(), model: { dirty: false, stateChanged: signal }, sessionContext: { ready: Promise.resolve(), isReady: true, session } },
      hide: () => (node.hidden = true),
      setFragment() {},
      dispose() {
        panel.isDisposed = true;
        node.remove();
        kernels.get(id).connections -= 1;
      },
    };
    return panel;
  };
  const app = {
    started: Promise.resolve(),
    shell: {
      add: ({ node }) => document.body.append(node),
      layout: { widgets: [] },
      restoreLayout: async () => {},
      collapseLeft() {},
      collapseRight() {},
      activateById() {},
    },
    serviceManager: {
      serverSettings: { baseUrl: "/" },
      contents: { get: async (path) => (pages.some((page) => page.path === path) ? { type: "notebook" } : Promise.reject(new Error("404"))) },
      kernels: { refreshRunning: async () => {}, running: () => kernels.values() },
      sessions: { shutdown: async (id) => stopped.push(id.split(" ")[0]) },
    },
  };
  const ServerConnection = {
    makeRequest: async (_url, { body }) => {
      const { path } = JSON.parse(body);
      world.asked.push(path);
      await world.answer;
      return { ok: world.turns, json: async () => ({ id: `${path} handed over` }) };
    },
  };
  globalThis.world = { unsaved: unsaved(), kernels, stopped, broken: false, turns: false, asked: [], answer: null };
  const config = { courseDesk: "stagiaire", courseGoals: {}, coursePages: pages };
  await shell(app, { openOrReveal: open }, { Widget, PageConfig: { getBaseUrl: () => "/" }, ServerConnection, config });
}
