"""Links inside the documentation lead somewhere: to files and headings that exist, and from the index to every page."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.tree import ROOT, finish, list_files

LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```\s*?$", re.MULTILINE | re.DOTALL)
TOP_PAGES = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md"}


def main() -> None:
    """Check the pages of docs/ and those at the top."""
    pages = {p: p.read_text(encoding="utf-8") for p in list_files() if is_page(p, ROOT)}
    faults = [f"{page.relative_to(ROOT)}:{fault}" for page in pages for fault in check_links(page, pages[page])]
    faults += [f"{p.relative_to(ROOT)}:1 no page leads here" for p in find_orphans(pages, ROOT)]
    finish(faults, f"{len(pages)} pages, every internal link leads somewhere")


def is_page(path: Path, root: Path) -> bool:
    """Whether it is a page people read."""
    relative = path.relative_to(root)
    return path.suffix == ".md" and (relative.parts[0] == "docs" or str(relative) in TOP_PAGES)


def check_links(page: Path, text: str) -> list[str]:
    """`line what` for each link inside the repository that leads nowhere."""
    faults = []
    for number, target in _links(text):
        file, _, heading = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        if not path.exists():
            faults.append(f"{number} {target}: no such file")
        elif heading and path.suffix == ".md" and heading not in anchors(path.read_text(encoding="utf-8")):
            faults.append(f"{number} {target}: no such heading")
    return faults


def find_orphans(pages: dict[Path, str], root: Path) -> list[Path]:
    """Pages of docs/ that cannot be reached by links from docs/index.md."""
    reached: set[Path] = set()
    waiting = [root / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in pages:
            continue
        reached.add(page)
        waiting += [(page.parent / target.partition("#")[0]).resolve() for _, target in _links(pages[page])]
    return [page for page in pages if page.is_relative_to(root / "docs") and page not in reached]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub and our own pages give to headings."""
    return {slug(heading) for heading in HEADING.findall(FENCE.sub("", text))}


def slug(heading: str) -> str:
    """`The way in (five files)` becomes `the-way-in-five-files`."""
    plain = re.sub(r"`|\*|\[([^\]]*)\]\([^)]*\)", lambda m: m[1] or "", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def _links(text: str) -> list[tuple[int, str]]:
    """Line numbers and targets of links that stay inside the repository."""
    plain = FENCE.sub(lambda m: "\n" * m[0].count("\n"), text)
    lines = enumerate(plain.splitlines(), 1)
    found = ((number, target) for number, line in lines for target in LINK.findall(line))
    return [(number, target) for number, target in found if not re.match(r"[a-z]+:", target)]


if __name__ == "__main__":
    main()
