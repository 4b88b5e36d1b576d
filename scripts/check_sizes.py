"""Sizes and shapes of code, as the style asks for.

Functions at most 60 lines, nested at most three deep, with at most six arguments, four of them by position (the
style aims at two), no boolean positionals; files at most 600 lines, UI components 250; `except Exception` only with
a log line or a raise; no module that shadows the standard library; nothing left to do. A line with `# shape: reason`
is let through.
"""

from __future__ import annotations

import ast
import math
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.tree import ROOT, finish, list_python, list_web, parse_python

MAX_FUNCTION, MAX_NESTING, MAX_ARGUMENTS, MAX_POSITIONAL = 60, 3, 6, 4
MAX_FILE, MAX_COMPONENT = 600, 250
LEFT_OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
LOG_VERBS = {"debug", "info", "warning", "error", "exception", "critical"}
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
# The signature of an ASGI application is not ours to choose.
ASGI = ["scope", "receive", "send"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Check the whole tree."""
    lengths: list[int] = []
    faults: list[str] = []
    for path in list_python():
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        tree = parse_python(name, source)
        faults += [f"{name}{fault}" for fault in check_python(source, is_test=name.parts[0] == "tests")]
        lengths += [_length(f) for f, _ in _functions(tree)]
    faults += [f"{p.relative_to(ROOT)}{fault}" for p in list_web() for fault in check_web(p)]
    faults += check_names(ROOT)
    lengths.sort()
    middle, p90 = (lengths[math.ceil(len(lengths) * q) - 1] for q in (0.5, 0.9))
    finish(faults, f"{len(lengths)} functions: median {middle} lines, p90 {p90}, longest {lengths[-1]}")


def check_python(source: str, *, is_test: bool = False) -> list[str]:
    """The faults of one Python file, each as `:line what`."""
    lines = source.splitlines()
    tree = ast.parse(source)
    faults = [f":{number} left open: {line.strip()}" for number, line in _left_open(lines)]
    if len(lines) > MAX_FILE:
        faults.append(f":1 has {len(lines)} lines, at most {MAX_FILE}")
    for function, nested in _functions(tree):
        if "# shape: " in lines[function.lineno - 1]:
            continue
        faults += [f":{function.lineno} {function.name} {fault}" for fault in _check_body(function)]
        if not is_test and not nested:
            faults += [f":{function.lineno} {function.name} {fault}" for fault in _check_signature(function)]
    return faults + [f":{line} `except Exception` neither logs nor raises" for line in _silent_handlers(tree)]


def check_web(path: Path) -> list[str]:
    """The faults of one TypeScript file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    is_component = path.suffix == ".tsx" and ".test." not in path.name
    most = MAX_COMPONENT if is_component else MAX_FILE
    faults = [f":{number} left open: {line.strip()}" for number, line in _left_open(lines)]
    return faults + ([f":1 has {len(lines)} lines, at most {most}"] if len(lines) > most else [])


def check_names(root: Path) -> list[str]:
    """Top-level names that would hide a module of the standard library when their folder is on the path."""
    folders = [root, *(root / name for name in ("src", "tests", "scripts", "bench"))]
    entries = [entry for folder in folders if folder.is_dir() for entry in sorted(folder.iterdir())]
    names = [e for e in entries if e.suffix == ".py" or (e.is_dir() and (e / "__init__.py").exists())]
    return [
        f"{e.relative_to(root)}:1 hides the standard `{e.stem}`" for e in names if e.stem in sys.stdlib_module_names
    ]


def _left_open(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, 1) if LEFT_OPEN.search(line))


def _functions(tree: ast.AST, *, nested: bool = False) -> Iterator[tuple[Function, bool]]:
    """Every function, and whether it stands inside another one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, nested
        yield from _functions(node, nested=nested or isinstance(node, Function))


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _check_body(function: Function) -> Iterator[str]:
    if _length(function) > MAX_FUNCTION:
        yield f"has {_length(function)} lines, at most {MAX_FUNCTION}"
    if (depth := _depth(function.body)) > MAX_NESTING:
        yield f"nests {depth} deep, at most {MAX_NESTING}"


def _depth(body: Iterable[ast.AST]) -> int:
    """The deepest nesting of blocks; `elif` is no deeper than its `if`, and an inner function starts anew."""
    return max((_depth_of(node) for node in body), default=0)


def _depth_of(node: ast.AST) -> int:
    if isinstance(node, Function | ast.ClassDef | ast.Lambda):
        return 0
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return max(1 + _depth(node.body), _depth_of(node.orelse[0]))
    return isinstance(node, BLOCKS) + _depth(ast.iter_child_nodes(node))


def _check_signature(function: Function) -> Iterator[str]:
    if _is_fixed_elsewhere(function):
        return
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if positional and positional[0].arg in {"self", "cls"}:
        positional = positional[1:]
    count = len(positional) + len(arguments.kwonlyargs)
    if count > MAX_ARGUMENTS:
        yield f"takes {count} arguments, at most {MAX_ARGUMENTS}"
    if len(positional) > MAX_POSITIONAL:
        yield f"takes {len(positional)} arguments by position, at most {MAX_POSITIONAL}"
    for argument in positional:
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool":
            yield f"takes the boolean `{argument.arg}` by position"


def _is_fixed_elsewhere(function: Function) -> bool:
    """Whether someone else calls it in their own way: operators, overrides, ASGI, routes, commands and validators."""
    if function.name.startswith("__") and function.name.endswith("__") and function.name != "__init__":
        return True
    if [a.arg for a in function.args.args][-3:] == ASGI:
        return True
    return any(_is_framework(decorator) for decorator in function.decorator_list)


def _is_framework(decorator: ast.expr) -> bool:
    """`@router.get(…)`, `@app.command()`, `@event.listens_for(…)`, `@given(…)`, `@override`."""
    if isinstance(decorator, ast.Call):
        return True
    return isinstance(decorator, ast.Name) and decorator.id == "override"


def _silent_handlers(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _speaks(node):
            yield node.lineno


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})


def _speaks(handler: ast.ExceptHandler) -> bool:
    """Whether it logs or raises again."""
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOG_VERBS)
        for node in ast.walk(handler)
    )


if __name__ == "__main__":
    main()
