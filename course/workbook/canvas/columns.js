// The columns of a canvas that are typed in: an action’s last three are shown when they are wanted.

export const NAMES = {
  strategy: "Stratégie",
  action: "Action",
  responsible: "Responsable",
  due: "Échéance",
  indicator: "Indicateur",
};
export const PILOT = ["responsible", "due", "indicator"];
export const FIELDS = Object.keys(NAMES);

/** Whether anything is written of an action. */
export const isWritten = (action) => FIELDS.slice(1).some((field) => action[field]);
/** What is written of an action beside itself, as [label, text] pairs. */
export const detailsOf = (action) => PILOT.filter((field) => action[field]).map((field) => [NAMES[field], action[field]]);
