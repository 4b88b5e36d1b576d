"""Versioned migrations of the event store: applied in order, each once, never edited after release."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; every statement may be run again without harm, because a crash may repeat it."""

    number: int
    name: str
    statements: tuple[str, ...]


# Old years share a partition, so that an import of decades cannot make more parts than an insert may have.
EVENTS = """
CREATE TABLE IF NOT EXISTS events (
  project_id UInt32 CODEC(Delta, ZSTD(1)),
  event LowCardinality(String),
  timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  uuid UUID CODEC(ZSTD(1)),
  person UInt32 CODEC(Delta, ZSTD(1)),
  session UInt64 CODEC(ZSTD(1)),
  distinct_id String CODEC(ZSTD(1)),
  session_id String CODEC(ZSTD(1)),
  category LowCardinality(String),
  properties JSON(max_dynamic_paths = 256) CODEC(ZSTD(1)),
  url String CODEC(ZSTD(1)),
  host LowCardinality(String),
  path String CODEC(ZSTD(1)),
  referrer String CODEC(ZSTD(1)),
  referrer_host LowCardinality(String),
  title String CODEC(ZSTD(1)),
  utm_source LowCardinality(String),
  utm_medium LowCardinality(String),
  utm_campaign LowCardinality(String),
  utm_term LowCardinality(String),
  utm_content LowCardinality(String),
  channel LowCardinality(String),
  browser LowCardinality(String),
  browser_version LowCardinality(String),
  os LowCardinality(String),
  os_version LowCardinality(String),
  device LowCardinality(String),
  country LowCardinality(String),
  region LowCardinality(String),
  city LowCardinality(String),
  lib LowCardinality(String),
  ip String CODEC(ZSTD(1)),
  bot UInt8 CODEC(ZSTD(1)),
  groups Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  person_set String CODEC(ZSTD(1)),
  person_set_once String CODEC(ZSTD(1)),
  person_unset String CODEC(ZSTD(1)),
  received_at DateTime('UTC') CODEC(Delta, ZSTD(1)),
  batch UInt64 CODEC(Delta, ZSTD(1)),
  INDEX batch_range batch TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY if(toYear(timestamp) < 2020, toYear(timestamp) * 100, toYYYYMM(timestamp))
ORDER BY (project_id, toDate(timestamp), event, person, timestamp)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

PERSONS = """
CREATE TABLE IF NOT EXISTS persons (
  project_id UInt32,
  person UInt32,
  created_at DateTime64(3, 'UTC'),
  properties JSON(max_dynamic_paths = 256),
  is_identified Bool,
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, person)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

DISTINCT_IDS = """
CREATE TABLE IF NOT EXISTS distinct_ids (
  project_id UInt32,
  distinct_id String CODEC(ZSTD(1)),
  person UInt32,
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, distinct_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

SCHEMA_VERSIONS = """
CREATE TABLE IF NOT EXISTS schema_versions (number UInt32, name String, applied_at DateTime('UTC'))
ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1
"""

MIGRATIONS = (Migration(1, "events, persons and distinct ids", (EVENTS, PERSONS, DISTINCT_IDS)),)
