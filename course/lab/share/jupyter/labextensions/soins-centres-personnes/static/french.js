// French for what JupyterLab 4.6 and its language pack leave in English on a trainee's path, most of it for screen readers.
// tests/lab/test_french.py walks that path, and knows what is left after this.

// Asked of the language pack, which lacks them or has them in English.
const LACKING = {
  "Cell %1/%2": "Cellule %1/%2",
  Cells: "Cellules",
  "Go to cell…": "Aller à la cellule…",
  Licenses: "Licences",
  "Move Widget To": "Déplacer l’onglet",
  "Server stopped": "Serveur arrêté",
  "Split Tab": "Partager la vue",
};

// Never asked of it.
const NAMES = Object.entries({
  "Markdown Cell Content": "Contenu de la cellule Markdown",
  "main area content": "Contenu de la zone principale",
  "main area toolbar": "Barre d’outils de la zone principale",
});
const SKIP = "Aller au contenu principal";

export function french(app, tracker, translator) {
  if (!translator.languageCode.startsWith("fr")) return;
  const pack = translator.load("jupyterlab"); // one for all of JupyterLab
  const ask = pack.__.bind(pack);
  pack.__ = (text, ...values) => {
    if (!Object.hasOwn(LACKING, text)) return ask(text, ...values);
    return LACKING[text].replace(/%(\d)/g, (_, place) => String(values[place - 1]));
  };

  app.started.then(() => {
    const link = document.querySelector("#jp-skiplink a");
    if (link) link.textContent = SKIP;
  });

  const rename = async (panel) => {
    await panel.context.ready;
    for (const [english, name] of NAMES) {
      for (const node of panel.node.querySelectorAll(`[aria-label="${english}"]`)) node.ariaLabel = name;
    }
  };
  tracker.forEach(rename);
  tracker.widgetAdded.connect((_, panel) => rename(panel));
}
