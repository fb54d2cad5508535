"""What `import simastra` gives: every public name, each imported when it is asked for."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import simastra
import simastra.simulation

ROOT = Path(simastra.__file__).parent
WAITING = [  # packages of which some names wait
    ".".join(it.parent.relative_to(ROOT.parent).parts)
    for it in sorted(ROOT.rglob("__init__.py"))
    if "deferred_names(" in it.read_text()
]


def declared(package: str) -> Iterator[tuple[str, str]]:
    """What a package imports for type checkers: modules, and names in them."""
    source = Path(import_module(package).__file__ or "").read_text()
    for block in ast.parse(source).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                assert isinstance(line, ast.ImportFrom)
                home = f"{package}.{line.module}" if line.level else line.module
                yield from ((str(home), alias.name) for alias in line.names)


@pytest.mark.parametrize("package", ["simastra", *WAITING])
def test_names_are_what_type_checkers_are_told(package: str) -> None:
    homes = list(declared(package))
    assert homes
    for home, name in homes:
        assert getattr(import_module(package), name) is getattr(import_module(home), name)


@pytest.mark.parametrize("package", WAITING)
def test_no_name_that_waits_is_a_modules_too(package: str) -> None:
    """It would be the module's once that is imported."""
    folder = Path(import_module(package).__file__ or "").parent
    modules = {it.stem for it in folder.iterdir()}
    assert not modules & {name for _, name in declared(package)}


def test_type_checkers_are_told_all_names() -> None:
    assert sorted(name for _, name in declared("simastra")) == simastra.__all__
    assert set(simastra.__all__) <= set(dir(simastra))


@pytest.mark.parametrize("module", [simastra, simastra.simulation])
def test_another_name_is_no_attribute(module: object) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Simulaton'"):
        module.Simulaton  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("package", WAITING)
def test_names_that_wait_are_listed(package: str) -> None:
    assert {name for _, name in declared(package)} <= set(dir(import_module(package)))


def outcome(code: str) -> str:
    """What a new Python prints."""
    words = [sys.executable, "-c", code]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout


def test_importing_simastra_imports_nothing_but_what_imports_the_rest() -> None:
    code = (
        "import sys, simastra; print(*sorted(m for m in sys.modules if m.startswith('simastra')))"
    )
    assert outcome(code) == "simastra simastra.deferred simastra.gc_policy\n"


def test_names_are_listed_before_they_are_imported() -> None:
    code = "import simastra.errors as it; print(*('DeadlockError' in seen for seen in {}))"
    assert outcome(code.format("(dir(it), vars(it))")) == "True False\n"


def test_star_and_submodules_work_from_the_start() -> None:
    assert outcome("from simastra import *; print(Trace.__name__, MiB)") == "Trace 1048576\n"
    assert outcome("import simastra; print(simastra.errors.TraceError.__name__)") == "TraceError\n"
    assert outcome("import simastra.simulation as s; print(s.Why.__name__)") == "Why\n"
