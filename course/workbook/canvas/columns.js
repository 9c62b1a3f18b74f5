// The columns of a canvas that are typed in: an action's last three are shown when they are wanted.

export const NAMES = {
  strategy: "Stratégie",
  action: "Action",
  responsible: "Responsable",
  due: "Échéance",
  indicator: "Indicateur",
};
export const PILOT = ["responsible", "due", "indicator"];
export const FIELDS = Object.keys(NAMES);
