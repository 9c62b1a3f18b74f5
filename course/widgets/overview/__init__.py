"""« Où en est la classe »: the summary and the heat map on the instructor's page, and what can be taken out of them."""
