"""Mutation testing: do the tests of a folder notice when its code is changed?

Changes the package in one place at a time, in a copy of it, and runs the tests that belong to the
changed file: those of `simastra/NAME/` are `tests/NAME/`, the doctests in it and its conformance
suite, if it has one; never the golden cases. A mutant that no test fails on has survived; it is
printed, and is a test to be written (or changes nothing that could be seen). The operators of
mutation are Cosmic Ray's (https://cosmic-ray.readthedocs.io).

    make mutants                                             # a sample over the whole package
    .venv/bin/python tests/mutants.py system network --sample 40 --seed 7
    .venv/bin/python tests/mutants.py network/routing config/graph  # of folders and files inside
    .venv/bin/python tests/mutants.py --at system/groups.py:115   # each mutant of one line
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue

import parso.python.tree
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parent.parent

OPERATORS = (
    *(f"ReplaceBinaryOperator_{pair}" for pair in (
        "Add_Sub", "Sub_Add", "Mul_Add", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv", "Pow_Mul",
        "LShift_RShift", "RShift_LShift", "BitAnd_BitOr", "BitOr_BitAnd", "BitXor_BitOr",
    )),
    *(f"ReplaceComparisonOperator_{pair}" for pair in (
        "Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "Gt_LtE",
        "Is_IsNot", "IsNot_Is",
    )),
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)  # fmt: skip
"""Those of Cosmic Ray that change what a program does, one for each thing that can be changed."""

_UNSEEN = ("decorator", "decorators", "import_from", "import_name")
"""Parts of a file where a change is no behaviour of the code; neither are annotations."""

_ANNOTATED = {"annassign": 1, "tfpdef": 2}
"""Where the annotation stands in what has one: `: int = 0`, `size: int`."""

CONFORMANCE = {
    "collectives": ("test_algorithms.py", "test_rooted.py"),
    "network": ("test_backends.py", "test_routers.py", "test_topologies.py"),
    "memory": ("test_memories.py",),
}
"""Suites in `tests/conformance/` of the folders whose tables they check (docs/extending.md)."""

NEEDED = {"collect": "torch"}
"""Packages without which a folder can't be imported to look for doctests."""

SLACK_SECONDS = 60
"""A mutant may take so much longer than three times what its tests take without a change."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file.

    Attributes:
        file: relative to the project.
        line: of the change, from 1.
        column: from 0.
        operator: name of Cosmic Ray's operator.
        occurrence: which of the operator's places in the file.
    """

    file: Path
    line: int
    column: int
    operator: str
    occurrence: int

    @property
    def folder(self) -> str:
        """The folder of the package that it lies in, `""` for the package itself."""
        inside = self.file.parts[1:-1]
        return inside[0] if inside else ""

    def is_in(self, place: str) -> bool:
        """Whether it lies in a folder or file of the package, such as `network/routing`."""
        return Path("simastra", place) in (self.file, *self.file.parents)

    def code(self) -> str:
        """The file's content after the change."""
        source = (ROOT / self.file).read_text("utf-8")
        mutated = mutate_code(source, _operator(self.operator), self.occurrence)
        assert mutated is not None, self
        return mutated

    def __str__(self) -> str:
        return f"{self.file.relative_to('simastra')}:{self.line}"


def _operator(name: str):
    return get_operator(f"core/{name}")()


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file of the package."""
    nodes = list(ast_nodes(get_ast((ROOT / file).read_text("utf-8"))))
    for name in OPERATORS:
        operator = _operator(name)
        occurrence = 0
        for node in nodes:
            for (line, column), _end in operator.mutation_positions(node):
                if not _is_unseen(node) and not _is_dotted(node, (line, column)):
                    yield Mutant(file, line, column, name, occurrence)
                occurrence += 1


def _is_unseen(node) -> bool:
    if _is_import_guard(node):
        return True
    while (above := node.parent) is not None:
        if node.type in _UNSEEN or _is_annotation(node, above):
            return True
        node = above
    return False


def _is_dotted(node, start: tuple[int, int]) -> bool:
    """Whether an exception among several is named as in `zlib.error`: Cosmic Ray fails on it."""
    if node.type != "except_clause":
        return False
    line, column = start
    return node.get_leaf_for_position((line, column + 1)).parent.type == "atom_expr"


def _is_import_guard(node) -> bool:
    """Whether a node is `if TYPE_CHECKING:`, which is false whenever anything runs."""
    return node.type == "if_stmt" and node.children[1].get_code().strip() == "TYPE_CHECKING"


def _is_annotation(node, above) -> bool:
    if isinstance(above, parso.python.tree.Function):
        return node is above.annotation
    place = _ANNOTATED.get(above.type)
    return place is not None and node is above.children[place]


def sample(mutants: Iterable[Mutant], size: int, seed: int) -> list[Mutant]:
    """Choose places at random, and one of each place's mutants."""
    places = defaultdict(list)
    for mutant in mutants:
        places[mutant.file, mutant.line, mutant.column].append(mutant)
    chance = random.Random(seed)
    chosen = chance.sample(sorted(places), min(size, len(places)))
    return [chance.choice(places[place]) for place in chosen]


def tests_of(folder: str) -> list[str]:
    """What is run for a folder of the package."""
    if not folder:
        files = (*ROOT.glob("simastra/*.py"), *ROOT.glob("tests/test_*.py"))
        return [str(path.relative_to(ROOT)) for path in sorted(files)]
    suites = (f"tests/conformance/{name}" for name in CONFORMANCE.get(folder, ()))
    doctests = () if _is_missing(NEEDED.get(folder)) else (f"simastra/{folder}",)
    own = (*doctests, f"tests/{folder}", *suites)
    return [name for name in own if (ROOT / name).exists()]


def _is_missing(package: str | None) -> bool:
    return package is not None and find_spec(package) is None


class Workbench:
    """A copy of the project, in which mutants are tried one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _files("."):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)

    def seconds(self, folder: str) -> float:
        """How long the tests of a folder take without a change; they must pass."""
        begun = time.perf_counter()
        if self._fails(folder, None):
            sys.exit(f"the tests of {folder or 'the package'} fail without a mutant")
        return time.perf_counter() - begun

    def is_killed(self, mutant: Mutant, seconds: float) -> bool:
        """Whether the tests notice the mutant."""
        with self._changed(mutant):
            return self._fails(mutant.folder, seconds)

    @contextmanager
    def _changed(self, mutant: Mutant) -> Iterator[None]:
        path = self.folder / mutant.file
        original = path.read_text("utf-8")
        path.write_text(mutant.code(), "utf-8")
        try:
            yield
        finally:
            path.write_text(original, "utf-8")

    def _fails(self, folder: str, seconds: float | None) -> bool:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        # Bytecode is told from its source by time and length, and a mutant may have both alike.
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [*command, *tests_of(folder)],
                cwd=self.folder,
                env=environment | {"CI": "true"},
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        if done.returncode == 0:  # a process that a mutant ends early says nothing of having passed
            return b" passed" not in done.stdout
        return done.returncode != 5  # 5: there are no tests


def _files(pattern: str) -> list[Path]:
    """Files that git knows, relative to the project."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = (Path(name) for name in listing.stdout.split("\0") if name)
    return [name for name in names if (ROOT / name).is_file()]


def main() -> None:
    """Try a sample of mutants; exit 1 if fewer are killed than asked for."""
    arguments = _parser().parse_args()
    chosen = _chosen(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        survivors = _try(chosen, Path(scratch), arguments.workers)
    tried = Counter(mutant.folder for mutant in chosen)
    alive = Counter(mutant.folder for mutant in survivors)
    print()
    for folder in sorted(tried):
        killed = tried[folder] - alive[folder]
        print(f"{folder or '(package)':14} {killed:4} of {tried[folder]:4} killed")
    share = 1 - len(survivors) / max(1, len(chosen))
    print(f"{'all':14} {len(chosen) - len(survivors):4} of {len(chosen):4} killed, {share:.0%}")
    sys.exit(share * 100 < arguments.at_least)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="*", help="folders or files of the package (all)")
    parser.add_argument("--sample", type=int, default=87, help="how many mutants (87)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the sample (1)")
    parser.add_argument("--at", nargs="+", metavar="FILE:LINE", help="these lines' mutants instead")
    parser.add_argument("--workers", type=int, default=2, help="at the same time (2)")
    parser.add_argument(
        "--at-least", type=float, default=85, help="exit 1 if fewer percent are killed (85)"
    )
    return parser


def _chosen(arguments: argparse.Namespace) -> list[Mutant]:
    if arguments.at:
        lines = (place.rpartition(":") for place in arguments.at)
        return [
            mutant
            for name, _, line in lines
            for mutant in mutants_of(Path("simastra") / name)
            if mutant.line == int(line)
        ]
    files = [path for path in _files("simastra/*.py") if not path.name.endswith("_pb2.py")]
    wanted = arguments.folders or ["."]
    everything = (mutant for path in files for mutant in mutants_of(path))
    return sample(
        (mutant for mutant in everything if any(map(mutant.is_in, wanted))),
        arguments.sample,
        arguments.seed,
    )


def _try(mutants: list[Mutant], scratch: Path, workers: int) -> list[Mutant]:
    """Run the tests on each; print the survivors as they are found, and return them."""
    free: SimpleQueue[Workbench] = SimpleQueue()
    for number in range(workers):
        free.put(Workbench(scratch / str(number)))
    limits = {}
    for folder in sorted({mutant.folder for mutant in mutants}):
        bench = free.get()
        limits[folder] = 3 * bench.seconds(folder) + SLACK_SECONDS
        free.put(bench)

    def survives(mutant: Mutant) -> bool:
        bench = free.get()
        try:
            killed = bench.is_killed(mutant, limits[mutant.folder])
        finally:
            free.put(bench)
        print(f"{'killed  ' if killed else 'SURVIVED'} {mutant} {mutant.operator}", flush=True)
        if not killed:
            print(_changed_lines(mutant), flush=True)
        return not killed

    with ThreadPoolExecutor(workers) as pool:
        return [m for m, alive in zip(mutants, pool.map(survives, mutants), strict=True) if alive]


def _changed_lines(mutant: Mutant) -> str:
    before = (ROOT / mutant.file).read_text("utf-8").splitlines()
    after = mutant.code().splitlines()
    pairs = zip(before, after, strict=False)
    return "\n".join(
        f"    - {old.strip()}\n    + {new.strip()}" for old, new in pairs if old != new
    )


if __name__ == "__main__":
    main()
