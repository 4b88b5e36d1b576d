"""`northing bench`: the figures of the performance page, measured on a real server with real disk."""
