// Pages of one browser, each with the canvas's real session and with timers, storage and a link that a test drives.
// `source` is the widget's own module up to its Session class; nothing of it is written again here.
(source) => {
  const make = new Function(
    "localStorage", "setTimeout", "clearTimeout", "addEventListener", "document", "globalThis", "Date",
    `${source}\nreturn CanvasSession;`,
  );
  const storage = { full: false, items: {} };
  const localStorage = new Proxy(storage.items, {
    get: (items, name) =>
      ({
        getItem: (key) => items[key] ?? null,
        setItem: (key, value) => {
          if (storage.full) throw new Error("QuotaExceededError");
          items[key] = String(value);
        },
        removeItem: (key) => delete items[key],
      })[name] ?? items[name],
  });
  const pages = new Map();

  class Page {
    constructor(objective, state) {
      this.timers = new Map();
      this.now = 0;
      this.out = [];
      this.listeners = new Set();
      const clock = {
        set: (act, wait) => {
          const id = Symbol();
          this.timers.set(id, { act, at: this.now + (wait || 0) });
          return id;
        },
        clear: (id) => this.timers.delete(id),
      };
      const page = this;
      class PageDate extends Date {
        static now() {
          return page.now;
        }
      }
      const Session = make(
        localStorage, clock.set, clock.clear, () => {}, { visibilityState: "visible" }, {}, PageDate,
      );
      this.session = new Session(objective, state);
    }

    // What the kernel of a model hears goes out under the model's number: a dead one still takes it.
    attach(number, state) {
      this.listeners.clear();
      const model = {
        get: () => state,
        on: (_, listener) => this.listeners.add(listener),
        off: (_, listener) => this.listeners.delete(listener),
        send: (message) => this.out.push([number, JSON.parse(JSON.stringify(message))]),
      };
      this.session.attach(model);
    }

    hear(message) {
      for (const listener of [...this.listeners]) listener(message);
    }

    pass(time) {
      const end = this.now + time;
      for (;;) {
        const due = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        this.timers.delete(due[0]);
        this.now = due[1].at;
        due[1].act();
      }
      this.now = end;
    }
  }

  globalThis.world = {
    reset() {
      pages.clear();
      storage.full = false;
      for (const key of Object.keys(storage.items)) delete storage.items[key];
    },
    open(name, objective, number, state) {
      const page = new Page(objective, state);
      pages.set(name, page);
      page.attach(number, state);
    },
    close: (name) => pages.delete(name),
    full: (value) => (storage.full = value),
    attach: (name, number, state) => pages.get(name).attach(number, state),
    hear: (name, message) => pages.get(name).hear(message),
    pass: (name, time) => pages.get(name).pass(time),
    set: (name, place, field, text) => pages.get(name).session.set(place, field, text),
    add: (name, option, parent) => pages.get(name).session.add(option, parent),
    remove: (name, place) => pages.get(name).session.remove(place),
    blank: (name, stem) => pages.get(name).session.blank(stem),
    restore(name) {
      const { session } = pages.get(name);
      const [row] = [...session.undo.keys()].slice(-1);
      if (row) session.restore(row);
    },
    resolve(name, choice) {
      const { session } = pages.get(name);
      if (session.state.conflicts.length) session.resolve(session.state.conflicts[0], choice);
    },
    // What a page shows, what is pending in it, what the browser keeps, and what was sent since the last look.
    look: () => ({
      pages: Object.fromEntries(
        [...pages].map(([name, page]) => [
          name,
          {
            tree: page.session.tree(),
            pending: page.session.pending,
            sent: page.out.splice(0),
            conflicts: page.session.state.conflicts,
            kept: page.session.kept,
            gone: page.session.gone,
          },
        ]),
      ),
      drafts: { ...storage.items },
    }),
  };
}
