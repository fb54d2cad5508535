"""Packages say truly what is in them: in `__all__`, and in the map that their docstring is."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import simastra

ROOT = Path(simastra.__file__).parent
PACKAGES = {
    str(file.parent.relative_to(ROOT)): ast.parse(file.read_text())
    for file in sorted(ROOT.rglob("__init__.py"))
}
MAPS = {
    folder: doc
    for folder, tree in PACKAGES.items()
    if re.search(r"^\w+/?  +\w", doc := ast.get_docstring(tree) or "", re.MULTILINE)
}


def bound(tree: ast.Module) -> Iterator[str]:
    """Names that a package imports, makes or sets."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name for alias in names)
            case ast.FunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield name
            case _:
                pass


def listed(tree: ast.Module) -> list[str]:
    """Its `__all__`."""
    values = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return list(chain(*values))


def parts(folder: str) -> set[str]:
    """The modules and packages in a folder, those that a generator writes apart."""
    files = {file.stem for file in (ROOT / folder).glob("[!_]*.py") if "_pb2" not in file.stem}
    return files | {file.parent.name for file in (ROOT / folder).glob("*/__init__.py")}


@pytest.mark.parametrize("folder", PACKAGES)
def test_what_a_package_lists_is_there(folder: str) -> None:
    tree = PACKAGES[folder]
    assert set(listed(tree)) <= set(bound(tree))


@pytest.mark.parametrize("folder", MAPS)
def test_a_map_names_all_that_is_in_the_folder(folder: str) -> None:
    assert parts(folder) <= set(re.findall(r"\w+", MAPS[folder]))


@pytest.mark.parametrize("folder", MAPS)
def test_a_map_names_nothing_that_is_gone(folder: str) -> None:
    lines = re.findall(r"^(\w+)/?  +\w", MAPS[folder], re.MULTILINE)
    assert set(lines) <= parts(folder) | set(listed(PACKAGES[folder]))
