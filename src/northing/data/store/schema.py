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

# Person numbers that mean another person. `parent` is the person it was merged into, `target` the one that chain of
# merges ends at. A split makes the row inactive; a folded one's events carry the target's number already.
PERSON_OVERRIDES = """
CREATE TABLE IF NOT EXISTS person_overrides (
  project_id UInt32,
  person UInt32,
  parent UInt32,
  target UInt32,
  distinct_id String,
  reason LowCardinality(String),
  merged_at DateTime64(3, 'UTC'),
  is_active Bool,
  is_folded Bool,
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, person)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

GROUPS = """
CREATE TABLE IF NOT EXISTS groups (
  project_id UInt32,
  type LowCardinality(String),
  key String,
  created_at DateTime64(3, 'UTC'),
  properties JSON(max_dynamic_paths = 256),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, type, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

# `day` is that of the first event that was stored: unlike the start it never changes, as a key must not.
# `actions` are events a visitor made beyond seeing pages; the entry_* and exit_* are of the first and the last page.
SESSIONS = """
CREATE TABLE IF NOT EXISTS sessions (
  project_id UInt32,
  session UInt64,
  day Date32 DEFAULT toDate32(start),
  session_id String CODEC(ZSTD(1)),
  person UInt32,
  start DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  end DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  events UInt32,
  pageviews UInt32,
  actions UInt32,
  entered_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  left_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  entry_url String CODEC(ZSTD(1)),
  entry_host LowCardinality(String),
  entry_path String CODEC(ZSTD(1)),
  exit_url String CODEC(ZSTD(1)),
  exit_host LowCardinality(String),
  exit_path String CODEC(ZSTD(1)),
  referrer_host LowCardinality(String),
  channel LowCardinality(String),
  utm_source LowCardinality(String),
  utm_medium LowCardinality(String),
  utm_campaign LowCardinality(String),
  utm_term LowCardinality(String),
  utm_content LowCardinality(String),
  browser LowCardinality(String),
  os LowCardinality(String),
  device LowCardinality(String),
  country LowCardinality(String),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, day, session)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

# One bitmap per cohort: replacing it is one row, so a reader sees the old people or the new ones, never a mixture.
COHORTS = """
CREATE TABLE IF NOT EXISTS cohorts (
  project_id UInt32,
  cohort UInt32,
  persons AggregateFunction(groupBitmap, UInt32),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, cohort)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

# What the batches up to `upto` hold, by event and hour (`timestamp` is its start): how often, and whom. Rows of one
# chunk of batches are one part, so they are there wholly or not at all.
ACTIVITY = """
CREATE TABLE IF NOT EXISTS activity (
  project_id UInt32,
  event LowCardinality(String),
  timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  events UInt64,
  persons AggregateFunction(groupBitmap, UInt32),
  upto UInt64
)
ENGINE = MergeTree
ORDER BY (project_id, event, timestamp, upto)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""

# The same with what more the overview asks: `dimension` is '' for the sums by event, "all" for those of all events, of
# which sessions are kept too, or a column of `events`; then `value` is that column's.
_ACTIVITY_BY_DIMENSION = """
CREATE TABLE IF NOT EXISTS activity (
  project_id UInt32,
  dimension LowCardinality(String),{hours}
  event LowCardinality(String),
  timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  value String CODEC(ZSTD(1)),
  events UInt64,
  persons AggregateFunction(groupBitmap, UInt32),
  sessions AggregateFunction(uniqExactIf, UInt64, UInt8),
  upto UInt64
)
ENGINE = MergeTree
ORDER BY (project_id, dimension,{key} event, timestamp, value, upto)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1{settings}
"""
ACTIVITY_BY_DIMENSION = _ACTIVITY_BY_DIMENSION.format(hours="", key="", settings="")
# And with sums by the day beside those by the hour: `hours` is how many a row is of, 1 or 24 (a day of UTC). Its sets
# are large, so a question should read no more rows than it needs.
ACTIVITY_BY_DAY = _ACTIVITY_BY_DIMENSION.format(
    hours="\n  hours UInt8,", key=" hours,", settings=", index_granularity = 128"
)

# Which batch made a merge: `version` is that of the last one that moved its target.
MERGES_BY_BATCH = "ALTER TABLE person_overrides ADD COLUMN IF NOT EXISTS batch UInt64 DEFAULT 0 AFTER is_folded"

# Sessions worked out from stored events alone: those of clients that name them, from before there was a table of them,
# and those that a backup copied in a later state than its events.
SESSIONS_OF_EVENTS = """
INSERT INTO sessions
WITH event IN ('$pageview', '$screen') AS is_page
SELECT project_id, session, toDate32(min(timestamp)), any(session_id), argMax(person, timestamp),
  min(timestamp), max(timestamp), count(),
  countIf(is_page), countIf(event = '$autocapture' OR NOT startsWith(event, '$')),
  minIf(timestamp, is_page), maxIf(timestamp, is_page),
  argMinIf(url, timestamp, is_page), argMinIf(host, timestamp, is_page), argMinIf(path, timestamp, is_page),
  argMaxIf(url, timestamp, is_page), argMaxIf(host, timestamp, is_page), argMaxIf(path, timestamp, is_page),
  argMin(referrer_host, (NOT is_page, timestamp)), argMin(channel, (NOT is_page, timestamp)),
  argMin(utm_source, (NOT is_page, timestamp)), argMin(utm_medium, (NOT is_page, timestamp)),
  argMin(utm_campaign, (NOT is_page, timestamp)), argMin(utm_term, (NOT is_page, timestamp)),
  argMin(utm_content, (NOT is_page, timestamp)), argMin(browser, (NOT is_page, timestamp)),
  argMin(os, (NOT is_page, timestamp)), argMin(device, (NOT is_page, timestamp)),
  argMin(country, (NOT is_page, timestamp)), {version}
FROM events WHERE session != 0 AND {condition} GROUP BY project_id, session
"""

MIGRATIONS = (
    Migration(1, "events, persons and distinct ids", (EVENTS, PERSONS, DISTINCT_IDS)),
    Migration(
        2,
        "merges, groups, sessions and cohorts",
        (PERSON_OVERRIDES, GROUPS, SESSIONS, COHORTS, SESSIONS_OF_EVENTS.format(version=0, condition="true")),
    ),
    Migration(3, "activity by the hour", (ACTIVITY,)),
    Migration(4, "the batch that made a merge", (MERGES_BY_BATCH,)),
    # It is summed up again from the events.
    Migration(5, "activity by dimension", ("DROP TABLE IF EXISTS activity SYNC", ACTIVITY_BY_DIMENSION)),
    Migration(6, "activity by the day too", ("DROP TABLE IF EXISTS activity SYNC", ACTIVITY_BY_DAY)),
)
