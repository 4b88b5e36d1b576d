"""The routes of the source systems, under their own names and in their own manner."""
