"""Analytics: queries, live events, and the catalogue of events and properties."""
