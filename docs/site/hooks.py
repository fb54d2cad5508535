"""What MkDocs calls while it builds the site (``hooks`` in mkdocs.yml).

MkDocs runs in the checkout, as ``python -m mkdocs``, so that ``docs.site`` can be imported.
"""

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from docs.site.generated import COURSE, generated_pages
from docs.site.outside import with_links
from docs.site.whole import take_in
from simastra.version import version

_VERSIONED = "MIKE_DOCS_VERSION"
"""Environment variable that mike sets: it keeps several versions side by side."""

_BUILT_COURSE = "SIMASTRA_COURSE"
"""Environment variable with the folder of the built course, which the site then has in it."""

_PAGES = generated_pages()

_BUTTONS = f"""
[Try it in the browser]({COURSE}){{ .md-button .md-button--primary }}
[Tutorial](tutorial.md){{ .md-button }}
"""
"""What the first page has where a code host shows nothing."""

_RANKS = {"reference/api/": 0.1, "repository/": 0.5, "reference/": 1.0, "": 4.0}
"""Where a search places pages, by how their paths begin: what explains before what lists."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the generated pages into the navigation, and offer other versions if there are any."""
    config.nav = [_filled(entry) for entry in config.nav or []]
    config.extra["release"] = version()
    if _VERSIONED in os.environ:
        config.extra["version"] = {"provider": "mike"}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for path, text in _PAGES.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_nav(nav: Navigation, **_: object) -> Navigation:
    """Leave a README an entry of its own: the theme would take it for its section's first page."""
    for page in nav.pages:
        if page.file.src_uri.startswith("repository/"):
            page.file.name = "README"
    return nav


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Lead links out of docs/ to the pages that are there for them."""
    path = page.file.src_uri
    boost = next(it for start, it in _RANKS.items() if path.startswith(start))
    page.meta.setdefault("search", {"boost": boost})
    if path in _PAGES:
        return markdown
    if page.is_homepage:
        page.meta["hide"] = ["navigation", "toc"]
    text = with_links(markdown, f"docs/{path}")
    return text.replace("<!-- buttons -->", _BUTTONS)


def on_post_build(config: MkDocsConfig) -> None:
    """Take the course in, if one is named: each version that mike keeps has its own."""
    course = os.environ.get(_BUILT_COURSE)
    if course:
        take_in(Path(config.site_dir), Path(course))


def _filled(entry: object) -> object:
    """An entry of the navigation; of a folder, that ends with a slash, all its pages."""
    match entry:
        case dict():
            return {title: _filled(inner) for title, inner in entry.items()}
        case list():
            return [_filled(inner) for inner in entry]
        case str() if entry.endswith("/"):
            return sorted((it for it in _PAGES if it.startswith(entry)), key=_index_first)
        case _:
            return entry


def _index_first(path: str) -> bool:
    """Else in the order in which they were made."""
    return not path.endswith("/index.md")
