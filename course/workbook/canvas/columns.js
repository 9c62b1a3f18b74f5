// The columns of a canvas: the last three of an action are shown on request.

export const NAMES = {
  strategy: "Stratégie",
  action: "Action",
  responsible: "Responsable",
  due: "Échéance",
  indicator: "Indicateur",
};
export const PILOT = ["responsible", "due", "indicator"];
export const FIELDS = Object.keys(NAMES);

/** True when anything is written of an action. */
export const isWritten = (action) => FIELDS.slice(1).some((field) => action[field]);
/** The texts of an action's last three columns, as [label, text] pairs. */
export const detailsOf = (action) => PILOT.filter((field) => action[field]).map((field) => [NAMES[field], action[field]]);
