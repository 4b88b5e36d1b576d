"""Files to native events: JSON lines, CSV, web server logs. Pure readers; sending is the caller's part."""

from __future__ import annotations

from northing.data.imports.access_log import read_access_log
from northing.data.imports.csv_table import CsvMapping, read_csv
from northing.data.imports.jsonl import read_jsonl
from northing.data.imports.sources import Read, Source, open_source

__all__ = ["CsvMapping", "Read", "Source", "open_source", "read_access_log", "read_csv", "read_jsonl"]
