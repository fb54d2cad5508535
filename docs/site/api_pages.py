"""The reference of the Python API: a page for each public module, which mkdocstrings fills.

Public are the packages right below simastra that say what they offer, by ``__all__``, and what
documents and notebooks import.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .outside import ROOT
from .prose import code, inline, table

FOLDER = "reference/api"
"""Where the pages are, in the site."""

_PACKAGE = ROOT / "simastra"
_IMPORT = re.compile(r"\bfrom (simastra[\w.]*) import ([\w, ]+)|\bimport (simastra\.[\w.]+)")


def api_pages() -> dict[str, str]:
    """Pages by their paths."""
    names = public_modules()
    pages = {f"{FOLDER}/index.md": _index(names)}
    for name in names:
        pages[f"{FOLDER}/{name}.md"] = f"# {name}\n\n::: {name}\n"
    return pages


def public_modules() -> list[str]:
    """The modules that have a page, in alphabetical order."""
    inside = (it.stem for it in _PACKAGE.iterdir() if it.is_dir())
    below = {name for it in inside if _offers(name := f"simastra.{it}")}
    homes = {home for home, _ in _at_the_top()}
    return sorted((below | homes | set(_imported())) - {"simastra"})


def _imported() -> Iterator[str]:
    """What documents and notebooks import from; submodules, where they import those."""
    places = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/*"))
    for text in (it.read_text("utf-8") for it in places if it.suffix in (".md", ".ipynb")):
        for home, names, module in _IMPORT.findall(text):
            yield from (it for it in (home, module) if it and _source(it))
            inner = (f"{home}.{it.strip()}" for it in names.split(","))
            yield from (it for it in inner if _source(it) and not _names_itself(home, it))


def _source(name: str) -> Path | None:
    """The file of a module; None if no module is called so."""
    path = ROOT.joinpath(*name.split("."))
    return next((it for it in (path / "__init__.py", path.with_suffix(".py")) if it.exists()), None)


def _names_itself(home: str, inner: str) -> bool:
    """Whether a package offers something of its own that is called like the module it is in."""
    source = _source(home)
    return source is not None and f'"{inner.rpartition(".")[2]}"' in source.read_text("utf-8")


def _offers(name: str) -> bool:
    source = _source(name)
    return source is not None and "__all__" in source.read_text("utf-8")


def _index(names: list[str]) -> str:
    top = [
        (", ".join(f"[{code(it)}]({home}.md#{home}.{it})" for it in offered), code(home))
        for home, offered in _at_the_top()
    ]
    rows = [(f"[{code(it)}]({it}.md)", inline(_summary(it))) for it in names]
    return f"""# Python API

What `from simastra import ...` offers:

{table(("names", "of"), top)}

All public modules; [design](../../design.md) has the map of the whole:

{table(("module", "is"), rows)}
"""


def _at_the_top() -> list[tuple[str, list[str]]]:
    """The names of simastra itself, by the module that offers them."""
    tree = ast.parse((_PACKAGE / "__init__.py").read_text("utf-8"))
    return [
        (it.module, [alias.name for alias in it.names])
        for it in ast.walk(tree)
        if isinstance(it, ast.ImportFrom) and it.module and it.module.startswith("simastra.")
        if it.col_offset  # those for type checkers, all others being at the margin
    ]


def _summary(name: str) -> str:
    """The first line of a module's docstring."""
    source = _source(name)
    text = ast.get_docstring(ast.parse(source.read_text("utf-8"))) if source else None
    return (text or "").partition("\n")[0]
