// What travels with every canvas: the way to the module that all canvases of a page share. The kernel's first canvas
// brings it; where that one is not on the page, the first that needs it asks, and the others find it here.

const VERSION = "{version}";
const PATIENCE = 5000; // ms; a kernel that died in between never answers, and the next one is asked

const UNPACKS = "DecompressionStream" in globalThis; // browsers of 2023 and later

const modules = (globalThis.courseModules ??= new Map());

/** @param {Model} model */
async function canvas(model) {
  if (!modules.has(VERSION)) modules.set(VERSION, UNPACKS && model.get("module").packed ? load(model.get("module")) : ask(model));
  try {
    return await modules.get(VERSION);
  } catch (error) {
    modules.delete(VERSION);
    if (error) throw error; // it came, and this browser cannot run it
    return canvas(model);
  }
}

async function load({ packed, ...plain }) {
  const { source, style } = packed ? await unpack(packed) : plain;
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  return (await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))).default;
}

function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/** @param {Model} model */
function ask(model) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE);
    const hear = (message) => {
      if (message.kind !== "module") return;
      clearTimeout(timer);
      model.off("msg:custom", hear);
      resolve(load(message));
    };
    model.on("msg:custom", hear);
    model.send({ kind: "module", plain: !UNPACKS });
  });
}

const started = new WeakMap(); // model -> what its `initialize` will have returned

export default {
  // It must not wait: the host delivers no message to a model before this has returned.
  /** @param {Context} context */
  initialize(context) {
    const stop = canvas(context.model).then((widget) => widget.initialize(context));
    started.set(context.model, stop);
    return () => stop.then((act) => act?.());
  },
  /** @param {Context} context */
  async render(context) {
    const widget = await canvas(context.model);
    await started.get(context.model);
    return widget.render(context);
  },
};
