"""People: who is behind a number, cohorts, segments, and each person's own page."""
