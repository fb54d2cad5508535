"""Whether every link of a built site leads to a file and to a place in it.

MkDocs checks those that are written in Markdown; here are all of them, as a browser will see them.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(slots=True)
class _Document:
    """What a page links to, what a browser loads with it, and what can be linked to in it."""

    links: set[str] = field(default_factory=set)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=lambda: {"", "top"})


class _Reader(HTMLParser):
    """Collects them from a page's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.document = _Document()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element links to, loads or is called."""
        for name, value in attrs:
            if name in ("href", "src") and value is not None and tag != "base":
                self.document.links.add(value)
            elif name in ("id", "name") and value:
                self.document.anchors.add(value)
        given = dict(attrs)
        address = given.get("src") if tag != "link" else given.get("href")
        if address and not (tag == "link" and given.get("rel") in ("canonical", "next", "prev")):
            self.document.loads.append(address)


def wrong_links(site: Path) -> list[str]:
    """What is wrong with the links of the pages below a folder, a line each.

    Links to other hosts aren't followed, since a page that is gone there is no fault of the site;
    what a page *loads* from another host is: nobody is told who reads it.
    """
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    broken = [
        f"{path.relative_to(site)}: {link}: {wrong}"
        for path, document in pages.items()
        for link in sorted(document.links)
        if (wrong := _wrong(link, path, site, pages))
    ]
    loaded = [
        f"{path.relative_to(site)}: {address}: is loaded from another host"
        for path, document in pages.items()
        for address in document.loads
        if urlsplit(address).netloc
    ]
    return broken + loaded


def _read(path: Path) -> _Document:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.document


def _wrong(link: str, page: Path, site: Path, pages: dict[Path, _Document]) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    # A page that a server gives for any address, 404.html, has links from the root.
    start = site if parts.path.startswith("/") else page.parent
    target = (start / unquote(parts.path).lstrip("/")).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site.resolve()):
        return "leads out of the site"
    if not target.exists():
        return "no such file"
    known = pages.get(target)
    if known is not None and unquote(parts.fragment) not in known.anchors:
        return "no such place in that page"
    return ""
