"""Every statement on a tenant table starts from `visible_to`, so that no read can forget whose data it is.

A tenant table is a metadata model with a `project_id`, its own or of `ProjectOwned`. A function that names one in
`select`, `update`, `delete` or `session.get` must also call `visible_to`. What the machinery does for all projects
at once (the loader, the schedule) says so on that line: `# tenancy: reason`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set

from scripts.tree import ROOT, finish, list_python, parse_python

STATEMENTS = {"select", "update", "delete", "get", "query", "scalar_one", "exists"}
GATE = "visible_to"
OWNED = "ProjectOwned"


def main() -> None:
    """Check everything under src/."""
    paths = [path for path in list_python() if path.is_relative_to(ROOT / "src")]
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    tables = find_tenant_tables(sources)
    finish(check_tenancy(sources, tables), f"{len(tables)} tenant tables: {', '.join(sorted(tables))}")


def find_tenant_tables(sources: Mapping[str, str]) -> set[str]:
    """Names of the model classes that have a table and a `project_id`."""
    trees = (parse_python(name, text) for name, text in sources.items())
    classes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name for node in classes if "__tablename__" in _assigned(node) and _has_project(node)}


def check_tenancy(sources: Mapping[str, str], tables: Set[str]) -> list[str]:
    """One fault for each statement on a tenant table in a function without the gate."""
    return [
        f"{name}:{line} reads or writes {table} without {GATE}"
        for name, text in sources.items()
        if f"def {GATE}(" not in text
        for line, table in _statements(parse_python(name, text), tables)
        if "# tenancy: " not in text.splitlines()[line - 1]
    ]


def _has_project(node: ast.ClassDef) -> bool:
    return "project_id" in _assigned(node) or any(_name(base) == OWNED for base in node.bases)


def _assigned(node: ast.ClassDef) -> set[str]:
    names: set[str] = set()
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _statements(tree: ast.Module, tables: Set[str]) -> Iterator[tuple[int, str]]:
    """Calls such as `select(Key.id)` at module level or in functions that never call the gate."""
    for scope in _scopes(tree):
        calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call)]
        if any(_name(call.func) == GATE for call in calls):
            continue
        for call in calls:
            if _name(call.func) in STATEMENTS:
                yield from ((call.lineno, table) for table in _tables_in(call) & tables)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Outermost functions and methods: the gate may be anywhere inside one."""
    for node in tree.body:
        yield from node.body if isinstance(node, ast.ClassDef) else [node]


def _tables_in(call: ast.Call) -> set[str]:
    """The models named as direct arguments: `Key`, `Key.id`, `func.count(Key.id)`."""
    names = (node.id for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Name))
    return set(names)


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


if __name__ == "__main__":
    main()
