// What JupyterLab 4.6 says in English whatever the language: to screen readers mostly, on every page. Written when a
// notebook opens; tests/lab/test_french.py walks the page and knows what is left.

const NAMES = Object.entries({
  Cells: "Cellules",
  "Markdown Cell Content": "Contenu de la cellule Markdown",
  "main area content": "Contenu de la zone principale",
  "main area toolbar": "Barre d’outils de la zone principale",
});
const SKIP = "Aller au contenu principal";

export function french(tracker, translator) {
  if (!translator.languageCode.startsWith("fr")) return;
  const link = document.querySelector("#jp-skiplink a");
  if (link) link.textContent = SKIP;
  const say = async (panel) => {
    await panel.context.ready;
    for (const [english, name] of NAMES) {
      for (const node of panel.node.querySelectorAll(`[aria-label="${english}"]`)) node.ariaLabel = name;
    }
  };
  tracker.forEach(say);
  tracker.widgetAdded.connect((_, panel) => say(panel));
}
