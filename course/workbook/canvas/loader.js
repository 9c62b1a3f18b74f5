// The way to the module that all canvases of a page share, which travels with every canvas. The kernel's first canvas
// brings it; where that one is not on the page, the first that needs it asks, and the others find it here.

const VERSION = "{version}";
// A kernel that died in between never answers, and the next one is asked.
const PATIENCE = 5000;

const modules = (globalThis.courseModules ??= new Map());

/** @param {Model} model */
async function canvas(model) {
  if (!modules.has(VERSION)) modules.set(VERSION, boot(model));
  try {
    return await modules.get(VERSION);
  } catch (error) {
    modules.delete(VERSION);
    // It came, and this browser cannot run it.
    if (error) throw error;
    return canvas(model);
  }
}

/** @param {Model} model */
async function boot(model) {
  const sent = model.get("module");
  const message = sent.boot ? sent : await ask(model);
  const url = URL.createObjectURL(new Blob([message.boot], { type: "text/javascript" }));
  return (await import(url)).default(message, () => ask(model, true));
}

/** @param {Model} model */
function ask(model, plain = false) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE);
    const hear = (message, buffers) => {
      if (message.kind !== "module") return;
      clearTimeout(timer);
      model.off("msg:custom", hear);
      resolve({ ...message, packed: buffers[0] });
    };
    model.on("msg:custom", hear);
    model.send({ kind: "module", plain });
  });
}

// A model -> what its `initialize` will have returned.
const started = new WeakMap();

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
