from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from northing.kernel.problems import Problem
from northing.server.auth.key_directory import KeyDirectory
from northing.server.auth.projects import ProjectDraft, add_project, change_project, delete_project, rotate_token
from northing.server.auth.tokens import MISS_READS_PER_SECOND, MISSES_KEPT, ProjectInfo, TokenDirectory
from northing.server.auth.work import Work
from northing.server.db import Database
from tests.server.conftest import ACME, ACME_TOKEN, Clock, World


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def find(tokens: TokenDirectory, token: str) -> ProjectInfo | None:
    return asyncio.run(tokens.find(token))


@pytest.fixture
def frozen() -> Iterator[Database]:
    """A PostgreSQL whose kernel accepts connections and whose server never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        database = Database(f"postgresql://nobody@127.0.0.1:{server.getsockname()[1]}/northing")
        yield database
        database.close()


def count_reads(world: World) -> list[str]:
    statements: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return statements


def add(world: World, token: str) -> None:
    with world.database.transaction() as session:
        add_project(Work(session, world.actor("alice"), world.clock()), ProjectDraft("New", token=token))


def test_a_token_leads_to_its_project(world: World) -> None:
    found = world.context.tokens.lookup(ACME_TOKEN)
    assert found is not None
    assert (found.id, found.name, found.timezone, found.keep_ip) == (ACME, "Acme", "UTC", "truncate")


def test_a_token_may_be_written_as_a_uuid(world: World) -> None:
    found = world.context.tokens.lookup("AAAAAAAA-aaaa-aaaa-aaaa-aaaaaaaaaaaa")
    assert found is not None
    assert found.id == ACME


def test_known_tokens_cost_no_read(world: World) -> None:
    reads = count_reads(world)
    for _ in range(1000):
        assert world.context.tokens.lookup(ACME_TOKEN)
    assert reads == []


def test_a_project_made_by_another_process_is_found_at_once(world: World) -> None:
    add(world, "d" * 32)
    assert world.context.tokens.lookup("d" * 32) is None
    found = find(world.context.tokens, "d" * 32)
    assert found is not None
    assert found.name == "New"


def test_an_unknown_token_is_read_once_in_two_seconds(world: World) -> None:
    ticks = Ticks()
    tokens = TokenDirectory(world.database, monotonic=ticks)
    assert find(tokens, "e" * 32) is None
    add(world, "e" * 32)
    assert find(tokens, "e" * 32) is None
    ticks.now += 2.1
    assert find(tokens, "e" * 32) is not None


def test_made_up_tokens_cannot_cause_many_reads(world: World) -> None:
    tokens = TokenDirectory(world.database, monotonic=Ticks())
    reads = count_reads(world)
    for number in range(1000):
        assert find(tokens, f"{number:032x}") is None
    assert sum("SELECT" in statement for statement in reads) == MISS_READS_PER_SECOND


def test_misses_take_bounded_memory(world: World) -> None:
    ticks = Ticks()
    tokens = TokenDirectory(world.database, monotonic=ticks)
    for number in range(200):
        ticks.now += 0.011
        tokens._remember_miss(f"{number:032x}", ticks.now)
    for number in range(MISSES_KEPT + 10):
        tokens._remember_miss(f"x{number:031x}", ticks.now)
    assert len(tokens._misses) <= MISSES_KEPT


def test_texts_that_are_no_token_cost_no_read(world: World) -> None:
    reads = count_reads(world)
    for text in ("", "x", "a" * 31, "a" * 100_000, "\x00" * 8, "-" * 36):
        assert find(world.context.tokens, text) is None
    assert reads == []


def test_changes_by_others_arrive_with_the_background_refresh(world: World, clock: Clock) -> None:
    tokens = TokenDirectory(world.database)
    tokens.start()
    try:
        with world.database.transaction() as session:
            work = Work(session, world.actor("alice"), clock())
            change_project(work, ACME, changes={"timezone": "Asia/Tokyo"})
        until = time.monotonic() + 30
        while time.monotonic() < until and (found := tokens.lookup(ACME_TOKEN)) and found.timezone == "UTC":
            time.sleep(0.05)
        assert found is not None
        assert found.timezone == "Asia/Tokyo"
    finally:
        tokens.stop()


def test_with_the_database_away_known_tokens_stay_known_and_others_try_again(world: World) -> None:
    tokens = TokenDirectory(world.database)
    tokens.refresh()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        tokens._database = Database(f"postgresql://nobody@127.0.0.1:{free.getsockname()[1]}/northing")
        assert tokens.lookup(ACME_TOKEN) is not None
        with pytest.raises(Problem) as caught:
            find(tokens, "e" * 32)
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})


@pytest.mark.parametrize("secret", ["e" * 32, "nsk_0123456789abcdefghijklmnop"])
def test_a_database_that_never_answers_does_not_hold_up_the_event_loop(frozen: Database, secret: str) -> None:
    tokens = TokenDirectory(frozen)
    asked = tokens.find if len(secret) == 32 else KeyDirectory(frozen, tokens).project_of

    async def check() -> float:
        waiting = [asyncio.create_task(asked(secret)) for _ in range(40)]
        longest = 0.0
        while not all(task.done() for task in waiting):
            began = time.monotonic()
            await asyncio.sleep(0.05)
            longest = max(longest, time.monotonic() - began)
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert {outcome.status for outcome in outcomes if isinstance(outcome, Problem)} == {503}
        assert len(outcomes) == sum(isinstance(outcome, Problem) for outcome in outcomes)
        return longest

    began = time.monotonic()
    assert asyncio.run(check()) < 1
    assert time.monotonic() - began < 15


def test_a_rotated_token_and_a_deleted_project_are_refused(world: World, clock: Clock) -> None:
    with world.database.transaction() as session:
        fresh = rotate_token(Work(session, world.actor("alice"), clock()), ACME).token
    world.context.tokens.refresh()
    assert world.context.tokens.lookup(ACME_TOKEN) is None
    assert world.context.tokens.lookup(fresh) is not None
    with world.database.transaction() as session:
        delete_project(Work(session, world.actor("alice"), clock()), ACME)
    world.context.tokens.refresh()
    assert world.context.tokens.lookup(fresh) is None
