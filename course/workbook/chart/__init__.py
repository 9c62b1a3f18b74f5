"""The charts of the lesson on the district: one a table, by pandas and matplotlib where they are installed."""
