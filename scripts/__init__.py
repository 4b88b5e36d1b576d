"""Tools of the developers: checks, locks, generated pages. Run as `python -m scripts.NAME` from the top folder."""
