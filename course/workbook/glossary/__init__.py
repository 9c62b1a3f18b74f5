"""The glossary: a search field over the terms of the course."""
