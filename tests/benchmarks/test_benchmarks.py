"""The benchmarks measure what they say, and say so where something is wrong."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.cases import Case, load_cases, simulation_of

from benchmarks.astra_sim import backend_of
from benchmarks.beside import needed
from benchmarks.catalogue import FAMILIES, WORKS
from benchmarks.golden import answers
from benchmarks.growth import Point, exponent
from benchmarks.one_run import PLAIN, digest, options_for, simulate, ways
from benchmarks.page import PageError, lines, write_page
from benchmarks.process import run_process
from benchmarks.record import Row
from benchmarks.work import NETWORK, SYSTEM, TRACE, Work, groups_file
from simastra import Simulation
from simastra.engine import MessageSent, Probe

ROOT = Path(__file__).parents[2]
CASES = {case["name"]: case for case in load_cases("scale")}

STAND_IN = """#!{python}
import sys
given = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:])
from simastra import Options, Simulation
simulation = Simulation(
    given["workload-configuration"],
    given["system-configuration"],
    given["network-configuration"],
    given["remote-memory-configuration"],
    options=Options(backend="congestion-{backend}"),
)
print("ring of node 0, id: 0 dimension: local total nodes in ring: 8")
for end in simulation.run().finishes:
    print(f"sys[{{end.npu}}] finished, {{end.cycles + {late}}} cycles")
"""


def stand_in(folder: Path, name: str, backend: str, late: int = 0) -> Path:
    """A program with ASTRA-sim's command line and output."""
    path = folder / name
    path.write_text(STAND_IN.format(python=sys.executable, backend=backend, late=late))
    path.chmod(0o755)
    return path


def bench(*words: object, output: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *map(str, words), "--output", str(output)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def rows_of(output: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((output / f"{name}.json").read_text())["rows"]
    return rows


class Counter(Probe):
    """Counts messages."""

    def __init__(self) -> None:
        self.messages = 0

    def on_message_sent(self, _event: MessageSent) -> None:
        self.messages += 1


def smaller(name: str, npus: Sequence[int]) -> Work:
    return replace(WORKS[name], npus_count=tuple(npus))


@pytest.mark.parametrize(
    "work",
    [
        smaller("ring-64", [6]),
        smaller("ring-skew-64", [5]),
        smaller("train48-64", [4]),
        smaller("direct-ring-64", [7]),
        smaller("direct-fc-64", [5]),
        smaller("switch-hd-64", [8]),
        smaller("2d-8x8", [3, 4]),
        smaller("3d-8x8x8", [3, 4, 4]),
        smaller("ring-hd-256", [8]),
        smaller("switch-dbt-256", [8]),
        smaller("computations-256", [3]),
        WORKS["pipeline-64x64"],
    ],
    ids=lambda work: f"{work.family}-{work.npus}",
)
def test_a_work_sends_as_many_messages_as_it_says(work: Work, tmp_path: Path) -> None:
    work.write(tmp_path)
    probe = Counter()
    options = options_for(work.backend, PLAIN)
    prefix, system, network = (tmp_path / name for name in (TRACE, SYSTEM, NETWORK))
    Simulation(prefix, system, network, options=options).run(probes=[probe])
    assert probe.messages == work.messages


def test_works_that_nobody_has_counted_send_something_in_their_groups(tmp_path: Path) -> None:
    for name, npus in (("graph-64x100", [4]), ("transformer-ring-64", [8])):
        work, probe = smaller(name, npus), Counter()
        work.write(tmp_path)
        prefix, system, network = (tmp_path / name for name in (TRACE, SYSTEM, NETWORK))
        options = options_for(work.backend, PLAIN)
        groups = groups_file(tmp_path)
        Simulation(prefix, system, network, comm_groups=groups, options=options).run(probes=[probe])
        assert work.messages is None
        assert probe.messages > 1000
        assert work.reference == "master-aware"


@pytest.mark.parametrize("name", sorted(WORKS.keys() & CASES.keys()))
def test_a_work_is_the_golden_case_of_its_name(name: str, tmp_path: Path) -> None:
    work, case = WORKS[name], CASES[name]
    if work.npus > 512:
        pytest.skip("its files are many; the smaller ones are made in the same way")
    work.write(tmp_path)
    prefix, system, network = (tmp_path / name for name in (TRACE, SYSTEM, NETWORK))
    options = options_for(work.backend, PLAIN)
    ours = Simulation(prefix, system, network, options=options)
    theirs = simulation_of(case)
    assert ours.options.backend == theirs.options.backend
    assert ours.system == theirs.system
    assert ours.network == theirs.network
    assert [_facts(nodes) for nodes in ours.trace.npus] == [
        _facts(nodes) for nodes in theirs.trace.npus
    ]


def _facts(nodes: Sequence[Any]) -> list[tuple[object, ...]]:
    """What counts of nodes: not their names, and dependencies by place."""
    place = {node.id: index for index, node in enumerate(nodes)}
    return [
        (
            node.type,
            [place[parent] for parent in node.data_deps],
            node.duration,
            node.is_cpu_op,
            node.comm_type,
            node.comm_size,
            all(node.involved_dim or [True]),
        )
        for node in nodes
    ]


def test_golden_answers_are_those_of_the_cases() -> None:
    case: Case = CASES["ring-64"]
    answer = answers()["ring-64"]
    assert set(answer.cycles) == {356620}
    assert list(answer.order) == case["expect"]["order"]


def test_a_run_reports_cycles_and_order(tmp_path: Path) -> None:
    work = WORKS["ring-8"]
    work.write(tmp_path)
    report = simulate(tmp_path, work.backend, PLAIN)
    assert report.makespan == 117780
    assert (report.cycles, report.order) == (digest([117780] * 8), digest(range(8)))
    assert report.peak > 10_000_000 or not Path("/proc").exists()


def test_astra_sim_runs_beside_on_the_same_files_and_ratios_are_told(tmp_path: Path) -> None:
    aware = stand_in(tmp_path, "Some_Congestion_Aware", "aware")
    unaware = stand_in(tmp_path, "other", "unaware")
    words = ("ring-8", "2d-8x8", "--quick", "--reference", aware, "--reference")
    done = bench(*words, f"unaware={unaware}", output=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path, "scale_part")
    beside = {row["work"]: row for row in rows if row.get("way") == "ASTRA-sim"}
    assert beside.keys() == {"ring-8", "2d-8x8"}
    assert beside["ring-8"]["cycles_equal"] == "golden"
    assert beside["2d-8x8"]["cycles_equal"] == "plain"
    plain = next(row for row in rows if (row["work"], row["way"]) == ("ring-8", "plain"))
    ratio = beside["ring-8"]["cpu_seconds"] / plain["cpu_seconds"]
    assert beside["ring-8"]["plain_times_faster"] == pytest.approx(ratio, abs=0.02)
    assert done.stdout.count("times as fast as ASTRA-sim") == 2 * len(ways())
    record = json.loads((tmp_path / "scale_part.json").read_text())
    assert record["command"] == (
        "python -m benchmarks ring-8 2d-8x8 --quick --reference Some_Congestion_Aware "
        "--reference other"
    )


def test_wrong_cycles_end_the_program(tmp_path: Path) -> None:
    wrong = stand_in(tmp_path, "aware", "aware", late=1)
    done = bench("ring-8", "--quick", "--reference", wrong, output=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "ring-8: the cycles of ASTRA-sim are not those of golden\n"
    assert not (tmp_path / "scale_part.json").exists()


def test_beside_a_reference_are_only_works_that_it_reads(tmp_path: Path) -> None:
    aware = stand_in(tmp_path, "aware", "aware")
    done = bench("beside", "ring-8", "2d-8x8", "--quick", "--reference", aware, output=tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(tmp_path, "beside_part")
    assert row["work"] == "ring-8"
    assert row["ratio"] == pytest.approx(row["ASTRA-sim"] / row["auto"], abs=0.2)
    wrong = stand_in(tmp_path, "late_aware", "aware", late=1)
    done = bench("beside", "ring-8", "--quick", "--reference", wrong, output=tmp_path)
    assert "ring-8: the cycles are not those of ASTRA-sim" in done.stderr


def test_more_is_meant_where_the_reference_takes_longer() -> None:
    assert [needed(seconds) for seconds in (0.9, 1, 2.5, 5, 80)] == [0, 1, 1.5, 3, 3]


def test_a_reference_that_fails_or_takes_too_long_is_told(tmp_path: Path) -> None:
    for name, code in (("aware", "raise SystemExit(7)"), ("slow_aware", "while True: pass")):
        (tmp_path / name).write_text(f"#!{sys.executable}\n{code}\n")
        (tmp_path / name).chmod(0o755)
    done = bench("ring-8", "--quick", "--reference", tmp_path / "aware", output=tmp_path)
    assert "code 7" in done.stdout
    slow = ("--reference", tmp_path / "slow_aware", "--time-limit", 3)
    done = bench("ring-8", "--quick", *slow, output=tmp_path)
    assert "ASTRA-sim" in done.stdout
    assert re.search(r"not within \d+ s", done.stdout)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["rign"], "unknown benchmark 'rign'; did you mean 'ring'?"),
        (["--reference", "AstraSim"], "the name doesn't say whether it is aware of congestion"),
        (["--reference", "aware=nowhere"], "nowhere: there is no such file"),
    ],
)
def test_what_is_not_known_is_refused(words: list[str], problem: str, tmp_path: Path) -> None:
    done = bench(*words, output=tmp_path)
    assert done.returncode == 2
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["AstraSim_Analytical_Congestion_Unaware", "x=UNAWARE.bin"])
def test_a_binarys_name_says_what_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert backend_of(str(tmp_path / name)) == ("unaware", tmp_path / name)
    assert backend_of(f"aware={tmp_path / name}") == ("aware", tmp_path / name)
    assert backend_of(f"master-aware={tmp_path / name}") == ("master-aware", tmp_path / name)


def test_a_process_is_watched(tmp_path: Path) -> None:
    code = (
        "import time; data = b'x' * 80_000_000; time.sleep(0.3); print('out'); raise SystemExit(3)"
    )
    done = run_process([sys.executable, "-c", code], tmp_path, 60)
    assert (done.output, done.code, done.timed_out) == ("out\n", 3, False)
    assert done.wall > 0.3
    assert 80e6 < done.peak < 200e6 or not Path("/proc").exists()
    stopped = run_process([sys.executable, "-c", "while True: pass"], tmp_path, 1)
    assert stopped.timed_out
    assert stopped.cpu > 0.05


def test_growth_is_the_slope_of_the_largest() -> None:
    assert exponent([Point(8, 9), Point(64, 0.1), Point(128, 0.8), Point(256, 6.4)]) == 3
    assert exponent([Point(8, 1)]) is None
    assert exponent([Point(8, 1), Point(16, 0.001)]) is None
    assert exponent([Point(64, 1), Point(64, 8)]) is None


def test_without_probes_the_same_comes_out(tmp_path: Path) -> None:
    done = bench("probes", "--quick", output=tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(tmp_path, "probes_part")
    assert row["places"] >= 4


def test_what_is_chosen_is_measured_beside_what_could_be(tmp_path: Path) -> None:
    done = bench("choice", "ring-8", "--quick", output=tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(tmp_path, "choice_part")
    ways = [float(row[way]) for way in ("plain", "folded", "auto", "auto, no numba")]
    assert min(ways) > 0
    assert float(row["auto, no numba ÷ best"]) == pytest.approx(ways[3] / min(ways[:2]), abs=0.01)


def test_the_page_is_filled_from_the_records(tmp_path: Path) -> None:
    scale: list[Row] = [
        {"work": "ring-8", "family": "ring", "npus": 8, "messages": 448, "way": way}
        | {"cpu_seconds": seconds, "peak_megabytes": 40.5, "cycles_equal": "golden"}
        for way, seconds in (("plain", 0.31), ("auto", 0.29))
    ]
    choice: list[Row] = [
        {"work": "ring-8", "plain": 0.31},
        {"work": "ring-16", "compiled": 0.8},
    ]
    growth: Row = {"family": "ring", "way": "plain", "exponent": 2.01}
    for name, rows in (
        ("scale", [*scale, growth]),
        ("loading", []),
        ("long_trace", []),
        ("start_up", []),
        ("choice", choice),
        ("beside", []),
    ):
        _write(tmp_path, name, rows)
    page = tmp_path / "performance.md"
    page.write_text((ROOT / "docs" / "performance.md").read_text(encoding="utf-8"))
    with pytest.raises(PageError, match="python -m benchmarks probes"):
        write_page(tmp_path, tmp_path)
    _write(tmp_path, "probes", [{"work": "ring", "percent_more": 1.5}])
    pytest.importorskip("matplotlib")
    assert write_page(tmp_path, tmp_path) == [tmp_path / "performance.svg", page]
    text = page.read_text()
    assert "| `ring-8` | 8 | 448 | 0.31 | 0.29 | (0.01) | 0.034 | 40.5, 40.5 |" in text
    assert "| ring | plain | 2.01 |" in text
    assert "| ring | percent more | 1.5 |" in text
    assert "| work | plain | compiled |" in text
    assert "| ring-16 | - | 0.8 |" in text
    picture = (tmp_path / "performance.svg").read_bytes()
    assert b"ASTRA-sim, recorded" in picture
    write_page(tmp_path, tmp_path)
    assert page.read_text() == text
    assert (tmp_path / "performance.svg").read_bytes() == picture


def _write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    record = {"command": "c", "when": "2026-01-01", "machine": "m", "python": "3", "rows": rows}
    (folder / f"{name}.json").write_text(json.dumps(record))


def test_a_measured_reference_takes_the_place_of_the_recorded_one() -> None:
    row: Row = {"family": "ring", "npus": 8, "cpu_seconds": 0.5, "cycles_equal": "golden"}
    names = [line.name for line in lines([row | {"way": "plain"}, row | {"way": "ASTRA-sim"}])]
    assert names == ["simastra, plain", "ASTRA-sim"]
    assert lines([])[0].name == "ASTRA-sim, recorded"


def test_a_works_name_says_how_large_it_is() -> None:
    assert {work.family for work in WORKS.values()} == set(FAMILIES)
    for work in WORKS.values():
        size = "x".join(map(str, work.npus_count))
        assert work.name.startswith(f"{work.family}-{size}")
