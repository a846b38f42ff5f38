"""Look through built pages for anything that a browser would fetch from elsewhere.

Links that a reader may follow are fine; scripts, styles, fonts and images have to be local.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
NOT_LOADED = {"canonical", "alternate", "license", "author"}


class _Loads(HTMLParser):
    """Collects what the tags of a page load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a tag that loads something."""
        given = dict(attrs)
        address = given.get(LOADING.get(tag, "")) or ""
        rel = set((given.get("rel") or "").split())
        if re.match(r"(https?:)?//", address) and not rel & NOT_LOADED:
            self.found.append(address)


def main(folder: Path) -> int:
    """Print what pages and styles load from elsewhere and return how many do."""
    pages = sorted(folder.rglob("*.html"))
    if not pages:
        print(f"no pages in {folder}")
        return 1
    faults = []
    for path in pages:
        loads = _Loads()
        loads.feed(path.read_text(encoding="utf-8"))
        faults += [f"{path}: {address}" for address in loads.found]
    for path in sorted(folder.rglob("*.css")):
        text = path.read_text(encoding="utf-8", errors="replace")
        faults += [
            f"{path}: {m[1]}" for m in re.finditer(r"url\(['\"]?((?:https?:)?//[^)]*)", text)
        ]
    print("\n".join(faults) or f"{len(pages)} pages load nothing from elsewhere")
    return len(faults)


if __name__ == "__main__":
    raise SystemExit(min(main(Path(sys.argv[1])), 1))
