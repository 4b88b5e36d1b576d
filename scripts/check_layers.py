"""Layers that import-linter cannot see: the kernel uses the standard library only, charts are drawn in one folder."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.tree import ROOT, finish, list_python, list_web

KERNEL = Path("src/northing/kernel")
CHARTS = Path("web/src/charts")
CHART_LIBRARY = re.compile(r"""(?:from|import|require)\s*\(?\s*["'](echarts(?:/[^"']*)?|zrender[^"']*)["']""")


def main() -> None:
    """Check kernel and web UI."""
    kernel = [p for p in list_python() if p.is_relative_to(ROOT / KERNEL)]
    web = [p for p in list_web() if not p.is_relative_to(ROOT / CHARTS)]
    faults = [f"{p.relative_to(ROOT)}{fault}" for p in kernel for fault in check_kernel(p.read_text(encoding="utf-8"))]
    faults += [f"{p.relative_to(ROOT)}{fault}" for p in web for fault in check_charts(p.read_text(encoding="utf-8"))]
    finish(
        faults, f"{len(kernel)} kernel modules on the standard library, {len(web)} web files without a chart library"
    )


def check_kernel(source: str) -> list[str]:
    """Imports of anything but the standard library and the kernel itself."""
    allowed = sys.stdlib_module_names
    return [
        f":{line} the kernel imports {name}"
        for line, name in _imports(ast.parse(source))
        if name.split(".")[0] not in allowed and not name.startswith("northing.kernel")
    ]


def check_charts(source: str) -> list[str]:
    """Imports of the chart library."""
    lines = enumerate(source.splitlines(), 1)
    return [f":{n} imports {hit[1]} outside {CHARTS}" for n, line in lines if (hit := CHART_LIBRARY.search(line))]


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module or ""


if __name__ == "__main__":
    main()
