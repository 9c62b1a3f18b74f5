// What travels with every canvas: the way to the module that all canvases of a page share. The first one that needs it
// asks the kernel; the others, and the canvases of later kernels, find it here.

const VERSION = "{version}";
const PATIENCE = 5000; // ms; a kernel that died in between never answers, and the next one is asked

const modules = (globalThis.courseModules ??= new Map());

async function canvas(model) {
  if (!modules.has(VERSION)) modules.set(VERSION, ask(model));
  try {
    return await modules.get(VERSION);
  } catch {
    modules.delete(VERSION);
    return canvas(model);
  }
}

function ask(model) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE);
    const hear = async (message) => {
      if (message.kind !== "module") return;
      clearTimeout(timer);
      model.off("msg:custom", hear);
      const style = document.createElement("style");
      style.textContent = message.style;
      document.head.append(style);
      const url = URL.createObjectURL(new Blob([message.source], { type: "text/javascript" }));
      resolve((await import(url)).default);
    };
    model.on("msg:custom", hear);
    model.send({ kind: "module" });
  });
}

const started = new WeakMap(); // model -> what its `initialize` will have returned

export default {
  // It must not wait: the host delivers no message to a model before this has returned.
  initialize(context) {
    const stop = canvas(context.model).then((widget) => widget.initialize(context));
    started.set(context.model, stop);
    return () => stop.then((act) => act?.());
  },
  async render(context) {
    const widget = await canvas(context.model);
    await started.get(context.model);
    return widget.render(context);
  },
};
