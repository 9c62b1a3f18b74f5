// « Qui travaille ? » on the page: the form, and what this browser keeps of other workbooks.
import { make } from "../dom.js";
import { whoOf } from "./who.js";
import { TeamForm } from "./form.js";
import { Drafts } from "./drafts.js";

const PATIENCE = 5000;

/**
 * Which documents are this workbook's, asked of the kernel each time: a canvas may have been opened since.
 * @param {Model} model
 */
function documents(model) {
  return new Promise((resolve, reject) => {
    const hear = (message) => message.kind === "documents" && end(() => resolve(message.documents));
    const timer = setTimeout(() => end(reject), PATIENCE);
    const end = (settle) => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      settle();
    };
    model.on("msg:custom", hear);
    model.send({ kind: "documents" });
  });
}

export default {
  /** @param {Context} context */
  initialize({ model }) {
    return whoOf(model.get("workbook"), model.get("team")).attach(model, model.get("team"));
  },
  /** @param {Context} context */
  render({ model, el }) {
    const who = whoOf(model.get("workbook"), model.get("team"));
    const form = new TeamForm(who);
    const drafts = new Drafts(() => documents(model));
    const notice = make("p", { class: "course-warning", role: "status" }, model.get("notice"));
    const root = make(
      "section",
      { class: "course-card", lang: "fr", tabindex: "-1", "aria-label": "Qui travaille\u202f?" },
      notice,
      form.node,
      drafts.node,
    );
    // JupyterLab's own keys would act: with the focus on a button, `x` cuts the cell and `d d` deletes it.
    root.addEventListener("keydown", (event) => event.stopPropagation());
    const listener = () => form.update();
    who.listeners.add(listener);
    const look = () => document.visibilityState === "visible" && drafts.look();
    addEventListener("visibilitychange", look);
    el.append(root);
    drafts.look();
    return () => {
      who.listeners.delete(listener);
      removeEventListener("visibilitychange", look);
    };
  },
};
