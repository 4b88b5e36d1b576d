"""Ways out of the sandbox that must all be refused, by what they try."""

TABLES = """
SELECT * FROM system.tables
SELECT * FROM system.query_log
SELECT * FROM `system`.`tables`
SELECT * FROM "system"."one"
SELECT * FROM information_schema.tables
SELECT * FROM INFORMATION_SCHEMA.COLUMNS
SELECT * FROM default.events
SELECT * FROM northing.events
SELECT * FROM schema_versions
SELECT * FROM tables
SELECT * FROM one
SELECT * FROM Events
SELECT * FROM `events `
SELECT * FROM ```events```
SELECT * FROM merge('default', '.*')
SELECT * FROM numbers(10)
SELECT * FROM file('/etc/passwd', 'RawBLOB')
SELECT * FROM FILE('/etc/passwd')
SELECT * FROM url('http://127.0.0.1/', 'CSV')
SELECT * FROM s3('http://x/y')
SELECT * FROM remote('127.0.0.1', system.one)
SELECT * FROM remoteSecure('127.0.0.1', system.one)
SELECT * FROM cluster('default', system.one)
SELECT * FROM mysql('h:3306', 'd', 't', 'u', 'p')
SELECT * FROM postgresql('h:5432', 'd', 't', 'u', 'p')
SELECT * FROM sqlite('/x.db', 't')
SELECT * FROM jdbc('x', 'y')
SELECT * FROM executable('x.sh', 'CSV', 'a String')
SELECT * FROM input('a String')
SELECT * FROM view(SELECT 1)
SELECT * FROM viewIfPermitted(SELECT 1 ELSE null('a Int'))
SELECT * FROM values('a Int', 1)
SELECT * FROM (VALUES (1), (2))
SELECT * FROM null('a Int')
SELECT * FROM generateRandom('a Int')
SELECT * FROM zeros(1000000000000)
SELECT * FROM dictionary('d')
SELECT * FROM loop(system.one)
SELECT * FROM Python(events)
SELECT * FROM mergeTreeIndex(default, events)
SELECT * FROM {t:Identifier}
SELECT * FROM events, system.one
SELECT * FROM events JOIN system.one ON 1 = 1
SELECT * FROM events JOIN (SELECT * FROM system.tables) AS x ON 1 = 1
SELECT * FROM events WHERE 1 IN (SELECT count() FROM system.tables)
SELECT (SELECT count() FROM system.tables)
SELECT 1 UNION ALL SELECT count() FROM system.tables
WITH x AS (SELECT * FROM system.tables) SELECT * FROM x
SELECT * FROM (events)
SELECT * FROM (events JOIN system.one ON 1 = 1)
SELECT * FROM events LEFT ARRAY JOIN (SELECT groupArray(name) FROM system.tables) AS x
"""

NAMES = """
WITH events AS (SELECT 1 AS x) SELECT * FROM events
WITH persons AS (SELECT 1) SELECT 1 FROM persons
WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x
WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT * FROM x
SELECT __northing.project_id FROM events
SELECT 1 AS __northing FROM events
WITH 5 AS __northing SELECT * FROM events
WITH CAST(tuple(2), 'Tuple(project_id UInt32)') AS __northing SELECT count() FROM events
SELECT arrayMap(__northing -> 1, [1]) FROM events
SELECT * FROM events AS __northing
SELECT __json0 FROM events
SELECT * FROM (SELECT 1 AS properties) AS properties
SELECT northing.events.event FROM events
SELECT default.events.event FROM events
SELECT count() FROM events WHERE 1 IN events
SELECT count() FROM events WHERE 'a' IN system.tables
SELECT count() FROM events WHERE event IN system.tables.name
SELECT count() FROM events WHERE 1 NOT IN persons
SELECT count() FROM events WHERE 1 GLOBAL IN persons
SELECT count() FROM events WHERE 1 GLOBAL IN (SELECT 1)
SELECT * FROM events GLOBAL JOIN persons USING person
SELECT in(1, events)
SELECT notIn(1, events)
SELECT globalIn(1, events)
SELECT nullIn(1, events)
SELECT joinGet('t', 'x', 1)
SELECT joinGetOrNull(events, 'x', 1)
"""

FUNCTIONS = """
SELECT file('/etc/passwd')
SELECT url('http://127.0.0.1/')
SELECT dictGet('d', 'a', 1)
SELECT dictGetOrDefault('d', 'a', 1, 0)
SELECT dictHas('d', 1)
SELECT getSetting('max_threads')
SELECT getMacro('x')
SELECT getServerPort('tcp_port')
SELECT getServerSetting('x')
SELECT currentUser()
SELECT user()
SELECT currentDatabase()
SELECT currentQueryID()
SELECT initialQueryID()
SELECT hostName()
SELECT fqdn()
SELECT version()
SELECT uptime()
SELECT serverUUID()
SELECT tcpPort()
SELECT filesystemAvailable()
SELECT sleep(3)
SELECT sleepEachRow(1) FROM events
SELECT throwIf(1)
SELECT hasColumnInTable('default', 'events', 'ip')
SELECT evalMLMethod(1, 2)
SELECT catboostEvaluate('/x', 1)
SELECT addressToLine(1)
SELECT demangle('x')
SELECT reinterpretAsString(1)
SELECT defaultValueOfTypeName('AggregateFunction(sum, UInt8)')
SELECT finalizeAggregation(x) FROM events
SELECT initializeAggregation('groupBitmap', 1)
SELECT runningAccumulate(x) FROM events
SELECT groupBitmapState(person) FROM events
SELECT sumState(person) FROM events
SELECT sumMerge(person) FROM events
SELECT CAST('x' AS AggregateFunction(groupBitmap, UInt32))
SELECT CAST('x', 'AggregateFunction(groupBitmap, UInt32)')
SELECT accurateCast('x', 'AggregateFunction(sum, UInt8)')
SELECT {x:AggregateFunction(sum, UInt8)}
SELECT {x:Identifier} FROM events
SELECT {missing:String}
SELECT formatRow('CSV', 1)
SELECT encrypt('aes-256-ofb', 'x', 'k')
SELECT naiveBayesClassifier('m', 'x')
SELECT structureToProtobufSchema('a Int')
SELECT generateSerialID('x')
SELECT lower(file('/etc/passwd'))
SELECT arrayMap(x -> url(x), ['a'])
SELECT sum(x) FILTER (WHERE sleep(1)) FROM events
SELECT COLUMNS('.*') FROM events
SELECT * APPLY(sum) FROM events
SELECT * REPLACE (1 AS event) FROM events
SELECT * EXCEPT (event) FROM events
SELECT `sleep`(3)
SELECT "hostName"()
SELECT ignore(sleep(1))
SELECT identity(hostName())
"""

STATEMENTS = """
DROP TABLE events
INSERT INTO events SELECT * FROM events
CREATE TABLE x (a Int) ENGINE = Memory
ALTER TABLE events DELETE WHERE 1
TRUNCATE TABLE events
DELETE FROM events WHERE 1
UPDATE events SET event = 'x' WHERE 1
RENAME TABLE events TO x
OPTIMIZE TABLE events
ATTACH TABLE x
DETACH TABLE events
KILL QUERY WHERE 1
SYSTEM SHUTDOWN
SET max_threads = 1
USE system
SHOW TABLES
DESCRIBE events
EXPLAIN SELECT 1
GRANT ALL ON *.* TO x
BACKUP TABLE events TO Disk('x', 'y')
CHECK TABLE events
EXISTS TABLE events
SELECT 1; SELECT 2
SELECT 1; DROP TABLE events
SELECT 1 INTO OUTFILE '/tmp/x'
SELECT 1 INTO OUTFILE '/tmp/x' FORMAT CSV
SELECT 1 FORMAT CSV
SELECT 1 SETTINGS max_memory_usage = 0
SELECT 1 FROM events SETTINGS max_execution_time = 0
SELECT * FROM (SELECT 1 SETTINGS max_threads = 99)
SELECT * FROM (SELECT 1 FROM events SETTINGS readonly = 0) AS x
WITH x AS (SELECT 1 SETTINGS max_threads = 1) SELECT * FROM x
SELECT 1 FROM events PREWHERE 1
SELECT 1 FROM events SAMPLE 0.1
SELECT count() FROM events WITH TOTALS
SELECT 1 FROM events LIMIT 1 WITH TIES
SELECT event FROM events ORDER BY event WITH FILL
SELECT event FROM events QUALIFY 1
SELECT 1 FROM events FOR UPDATE
SELECT 1 FROM events FETCH FIRST 5 ROWS ONLY
SELECT event INTO x FROM events
SELECT TOP 5 event FROM events
SELECT 1 PARALLEL WITH SELECT 2
"""


def of(text: str) -> list[str]:
    """The statements, one to a line."""
    return [line for line in text.strip().splitlines() if line]


ESCAPES = [*of(TABLES), *of(NAMES), *of(FUNCTIONS), *of(STATEMENTS)]
