from __future__ import annotations

import threading

from northing.server.db import Database, instance_name


def test_the_name_stays_and_is_the_same_for_all_that_ask_at_once(database: Database) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(instance_name(database))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 6
    assert set(names) == {instance_name(database)}
    assert len(names[0]) == 16


def test_two_installations_have_different_names(database: Database, empty_database_url: str) -> None:
    from northing.server.db import migrate

    other = Database(empty_database_url)
    migrate(other)
    assert instance_name(other) != instance_name(database)
    other.close()
