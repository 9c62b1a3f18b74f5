// The plugins of the extension, put together from JupyterLab's shared modules.
import { autorun } from "./autorun.js";
import { quiet } from "./dialogs.js";
import { folds } from "./folds.js";
import { french } from "./french.js";
import { notice } from "./notice.js";
import { barPlace, reconnection } from "./reconnection.js";
import { shell, wayBack } from "./shell/jupyter.js";

export async function plugins(shared, config) {
  const [notebook, { Dialog }, { ITranslator }, { PageConfig }, { Widget }, { IDocumentManager }, { ServerConnection }] = await Promise.all([
    shared("@jupyterlab/notebook"),
    shared("@jupyterlab/apputils"),
    shared("@jupyterlab/translation"),
    shared("@jupyterlab/coreutils"),
    shared("@lumino/widgets"),
    shared("@jupyterlab/docmanager"),
    shared("@jupyterlab/services"),
  ]);
  const { INotebookTracker } = notebook;
  return [
    {
      id: "soins-centres-personnes:shell",
      description: "The course in the place of an IDE: header, contents, home, one page at a time.",
      autoStart: true,
      requires: [IDocumentManager],
      activate: (app, docs) => {
        if (config.courseShell === "cours") shell(app, docs, { Widget, PageConfig, ServerConnection, config });
        else if (config.courseShell) wayBack(app, Widget, PageConfig.getBaseUrl());
      },
    },
    {
      id: "soins-centres-personnes:autorun",
      description: "Runs the course's own cells at opening and after a kernel restart, and no other cell.",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (_app, tracker) => autorun(tracker),
    },
    {
      id: "soins-centres-personnes:dialogs",
      description: "Keeps the focus where somebody types when a kernel dies.",
      autoStart: true,
      requires: [INotebookTracker, ITranslator],
      activate: (_app, tracker, translator) => quiet(tracker, translator, Dialog),
    },
    {
      id: "soins-centres-personnes:folds",
      description: "Folds the long part of a lesson, and unfolds it for a link that leads into it.",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (_app, tracker) => folds(tracker, notebook),
    },
    {
      id: "soins-centres-personnes:french",
      description: "Says in French what JupyterLab does not translate.",
      autoStart: true,
      requires: [INotebookTracker, ITranslator],
      activate: (app, tracker, translator) => french(app, tracker, translator),
    },
    {
      id: "soins-centres-personnes:reconnection",
      description: "Links the page with the course again, and says so.",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, tracker) => {
        barPlace(app, Widget);
        reconnection(app, tracker);
      },
    },
    {
      id: "soins-centres-personnes:notice",
      description: "Says that a session on Binder forgets, with all answers to download beside it.",
      autoStart: true,
      activate: (app) => {
        if (PageConfig.getOption("courseNotice") === "binder") notice(app, Widget);
      },
    },
  ];
}
