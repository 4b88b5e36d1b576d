"""What people can set, call or meet is on its page; what is not, fails here."""

from __future__ import annotations

from pathlib import Path

from northing.data.events.model import DropReason
from northing.data.ingest.collectors import ROUTES
from northing.data.query.filters import OPERATORS
from northing.data.query.requests import KINDS
from northing.data.query.sandbox_tables import PUBLIC_TABLES
from northing.data.query.trends_spec import MATHS
from northing.data.wire.verdicts import Warned
from northing.server.settings import PREFIX, Settings
from scripts import check_docs
from scripts.reference import cli, http
from scripts.tree import ROOT, list_files

DOCS = ROOT / "docs"
RUN_UNTIL_STOPPED = {"northing serve", "northing demo"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    text = page("configuration.md")
    assert [name for name in Settings.model_fields if f"| `{PREFIX}{name.upper()}` |" not in text] == []


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_route_is_documented() -> None:
    text = page("reference/http-api.md")
    operations = http.list_operations(http.load_openapi())
    routes = [f"### `{method.upper()} {path}`" for method, path, _ in operations]
    assert len(routes) > 10
    assert [route for route in routes if route not in text] == []


def test_every_route_says_what_it_does() -> None:
    operations = http.list_operations(http.load_openapi())
    assert [f"{method} {path}" for method, path, found in operations if not found.get("description")] == []


def test_every_collector_is_documented() -> None:
    reference, prose = page("reference/http-api.md"), page("events-and-ingest.md")
    assert [path for path in ROUTES if f"`POST {path}`" not in reference] == []
    assert [path for path in ROUTES if path not in prose] == []


def test_every_command_is_documented_with_an_example() -> None:
    text = page("reference/cli.md")
    commands = cli.list_commands()
    assert [name for name, _ in commands if f"## {name}\n" not in text] == []
    assert [name for name, command in commands if name not in (command.help or "")] == []


def test_every_command_that_ends_speaks_json() -> None:
    ending = [(name, command) for name, command in cli.list_commands() if name not in RUN_UNTIL_STOPPED]
    assert [name for name, command in ending if not any("--json" in p.opts for p in command.params)] == []


def test_every_drop_reason_and_warning_is_documented() -> None:
    text = page("reference/drop-reasons.md")
    assert [code for code in (*DropReason, *Warned) if f"| `{code}` |" not in text] == []


def test_every_query_kind_operator_and_maths_is_documented() -> None:
    text = page("query.md")
    assert [kind.name for kind in KINDS if f"| [`{kind.name}`](" not in text] == []
    assert [name for name in OPERATORS if f"`{name}`" not in text] == []
    assert [name for name in MATHS if f"`{name}`" not in page("queries/trends.md")] == []


def test_every_table_and_column_of_user_sql_is_documented() -> None:
    text = page("sql.md")
    columns = {name for table in PUBLIC_TABLES.values() for name in table}
    assert [table for table in PUBLIC_TABLES if f"**{table}**" not in text] == []
    assert [name for name in columns if f"`{name}`" not in text] == []


def test_every_internal_link_leads_somewhere() -> None:
    pages = [path for path in list_files() if check_docs.is_page(path, ROOT)]
    assert [fault for p in pages for fault in check_docs.check_links(p, p.read_text(encoding="utf-8"))] == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("# The way in (five files)\n")
    text = "[a](other.md#the-way-in-five-files)\n[b](gone.md)\n[c](other.md#gone)\n```\n[d](code.md)\n```\n[e](https://x.y)\n"
    assert check_docs.check_links(tmp_path / "page.md", text) == [
        "2 gone.md: no such file",
        "3 other.md#gone: no such heading",
    ]


def test_pages_nobody_links_to_are_found(tmp_path: Path) -> None:
    pages = {
        tmp_path / "docs" / "index.md": "[a](a.md)",
        tmp_path / "docs" / "a.md": "",
        tmp_path / "docs" / "b.md": "",
    }
    assert check_docs.find_orphans(pages, tmp_path) == [tmp_path / "docs" / "b.md"]
