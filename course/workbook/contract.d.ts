// What the widgets' modules have from outside, for the type check alone: the model that anywidget gives them, and what
// the pages of one window share through it.

interface Model {
  /** A synchronised attribute of the widget in the kernel. */
  get(name: string): any;
  /** A message to the kernel; it throws where the comm is closed, and succeeds where the kernel is dead. */
  send(content: object, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: "msg:custom", listener: MessageListener): void;
  off(event: "msg:custom", listener: MessageListener): void;
  widget_manager?: { context?: { path?: string } };
}

type MessageListener = (message: any, buffers: DataView<ArrayBuffer>[]) => void;

/** The argument of a widget's `initialize` and `render`. */
interface Context {
  model: Model;
  el: HTMLElement;
}

/** The sessions that outlive the models of a dead kernel, each kind by its own key. */
declare var courseSessions: Map<string, any> | undefined;
declare var courseQuizzes: Map<string, any> | undefined;
declare var courseTeams: Map<string, any> | undefined;
declare var courseBenches: Map<string, any> | undefined;
/** How each canvas and form of the page stands, and how the page is linked with the course: see bar.js. */
declare var courseStatuses: Map<any, [string, string]> | undefined;
/** What of this window is not on disk: see unsaved.js. */
interface Holder {
  readonly isUnsaved: boolean;
  /** It was refused, or the last try had no answer: waiting longer is of little use. */
  readonly isStuck: boolean;
  /** What is not saved, in French, within a sentence. */
  readonly name: string;
  /** Whether this browser keeps it. */
  readonly kept?: boolean;
  /** The document that it belongs to. */
  readonly draft?: string;
  /** The canvas that it belongs to, or `plan`. */
  readonly objective?: string;
  /** A French sentence that says what leaving the page would end, for what is not a text to save. */
  readonly warning?: string;
  flush(): void;
}
declare var courseUnsaved:
  | {
      holders: Set<Holder>;
      add(holder: Holder): void;
      remove(holder: Holder): void;
      settle(isWanted?: (holder: Holder) => boolean): Promise<Holder[]>;
      leave(): void;
    }
  | undefined;
declare var courseConnection: { isLinked: boolean; text: string } | undefined;
/** The canvases and the plan that are on the page, for printing, and what is being printed: see paper.js. */
declare var coursePapers: Set<any> | undefined;
declare var coursePress: { chosen: any[] | null; listens: boolean } | undefined;
declare var courseModules: Map<string, Promise<any>> | undefined;

interface Window {
  /** JupyterLab's federated extensions, by package. */
  _JUPYTERLAB?: Record<string, unknown>;
}
