"""« Mon plan » on the page: the actions of the canvases, chosen, ranked, completed and drawn."""
