"""Filters of type `sql` that must be refused, names that try to break out of their quotes, and filters that may run."""

from __future__ import annotations

from tests.data.query.escapes import of

# An alias or a lambda's parameter that takes the place of a column of our own conditions.
CAPTURES = """
(1 AS project_id) = 1
(900022 AS project_id) = 900022
(1 AS `project_id`) = 1
(1 AS "project_id") = 1
((1 AS project_id)) = 1
event != (1 AS project_id)
lower('a' AS project_id) = 'a'
if((1 AS project_id) = 1, 1, 0)
CASE WHEN (1 AS project_id) = 1 THEN 1 ELSE 0 END
CAST((1 AS project_id) AS UInt8) = 1
event IN ((1 AS project_id), 2)
1 BETWEEN 0 AND (1 AS project_id)
NOT (0 AS project_id)
[(1 AS project_id)][1] = 1
tuple(1 AS project_id).1 = 1
arrayExists(x -> (1 AS project_id) = x, [1])
(now() AS timestamp) > '2000-01-01'
(toDateTime64('2020-01-02 10:00:00', 3) AS timestamp) IS NOT NULL
('x' AS event) = 'x'
(1 AS person) = 1
(1 AS session) = 1
(tuple(1) AS __northing) = tuple(1)
(1 AS x) = 1
(x -> x AS project_id) = 1
arrayExists(event -> event = 'x', ['x'])
arrayExists(timestamp -> timestamp = 1, [1])
arrayExists(person -> 1, [1])
arrayExists((x, properties) -> 1, [1], [1])
arrayExists(events -> events = 1, [1])
arrayExists(__northing -> 1, [1])
arrayExists(__northing -> __northing.project_id = 1, [1])
"""
COLUMNS = """
project_id = 1
project_id != 0
events.project_id = 1
`project_id` = 1
Project_ID = 1
__northing.project_id = 1
project_id.1 = 1
batch > 0
person_set != ''
person_set_once != ''
person_unset != ''
_part != ''
_part_index = 0
_part_uuid IS NOT NULL
_partition_id != ''
_partition_value IS NOT NULL
_part_offset = 0
_part_starting_offset = 0
_sample_factor = 1
_block_number = 1
_row_exists = 1
_table = 'events'
_database != ''
_disk_name != ''
events._part != ''
lower(_part) != ''
arrayExists(x -> project_id = x, [1])
arrayExists(x -> x = 1, [1]) AND x = 1
tuple(*) = tuple(1)
tuple(events.*) != tuple(1)
toString(tuple(events.*)) LIKE '%x%'
cityHash64(events.*) != 0
default.events.event = 'x'
persons.person = 1
e.event = 'x'
p0 = 1
__b0 = ''
__person_b0 = ''
__current
properties.
CURRENT_USER = ''
"""
OTHERS = """
event IN (SELECT event FROM events)
(SELECT count() FROM events) > 0
EXISTS (SELECT 1)
event IN events
count() > 0
count(*) > 0
sum(person) > 0
uniqIf(person, 1) > 0
any(event) = 'x'
row_number() OVER () = 1
row_number() = 1
sum(1) OVER (PARTITION BY event) > 0
arrayJoin([1, 1]) = 1
{p0:UInt32} = 1
{x:String} = ''
hostName() != ''
file('/etc/passwd') != ''
dictGet('d', 'a', 1) = 1
1) OR (1
1) OR 1 = 1 --
1 /* ) */ ) OR (1
1) SETTINGS max_threads = (1
1) FROM events WHERE (1
1) PREWHERE (1
1, 2
*
"""
REFUSED = [*of(CAPTURES), *of(COLUMNS), *of(OTHERS)]

ALLOWED = of("""
true
event != ''
events.event = 'shared'
NOT event = 'shared'
person IN (7, 8)
lower(distinct_id) LIKE 'ac%' OR distinct_id NOT LIKE 'ac%'
properties.plan = 'acme' OR properties.plan IS NULL
events.properties.n >= 5
properties.n + 1 > 2
properties.n.:Int64 = 5
properties.n::Int64 = 5
properties.project_id = 900022
properties.`project_id` = '900022'
toString(properties) LIKE '%rival%'
toJSONString(properties) LIKE '%'
has(JSONAllPaths(properties), 'rival_only')
arrayExists(x -> x = event, ['shared', 'acme'])
arrayExists(project_id -> project_id = 900022, [900022])
arrayExists(batch -> batch = person, [7])
arrayExists(p0 -> p0 = 900022, [900022])
arrayExists((k, v) -> k != v, mapKeys(groups), mapValues(groups))
length(arrayFilter(x -> arrayExists(y -> x = y, [person]), [7])) = 1
groups['company'] = 'rival-secret'
tuple(event, person).2 = 7
timestamp >= '2020-01-02 00:00:00'
timestamp < now() - INTERVAL 1 DAY
toInt64(distinct_id) >= 0
intDiv(1, startsWith(distinct_id, 'rival') = 0) = 1
CASE WHEN event = 'shared' THEN 1 ELSE 0 END
event IN (distinct_id, 'shared')
bot < 50 AND session >= 0 AND received_at IS NOT NULL
""")  # fmt: skip

NAMES = of(r"""
plan
n
project_id
batch
person
person_set
_part
events.project_id
__northing.project_id
__profile.project_id
properties
properties.plan
rival_only
secret.deep
x` AS project_id
`
\
\`
\\` OR 1 = 1 --
`) OR (1 = 1
'
' OR 1 = 1 --
"
*
^plan
plan.:String
plan[]
{p0:UInt32}
{p0:Identifier}
$session_id
$current_url
$browser
$created_at
$is_identified
url
path
category
distinct_id
bot
created_at
version
""")  # fmt: skip
