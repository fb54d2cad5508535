"""What others add, a file and a line each: right numbers always, and a place in every report.

The parts are in tests/support/extensions; that they keep the laws of their kind is for the
conformance suites to say.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.extensions import OWN_ALGORITHMS, OWN_BACKENDS, OWN_TOPOLOGIES
from support.extensions.express_ring import ExpressRing
from support.machines import one_collective, system

from simastra.cli import main
from simastra.collectives import ALGORITHMS
from simastra.config import NetworkConfig, load_network
from simastra.errors import ConfigError
from simastra.network import BACKENDS
from simastra.network.topology import TOPOLOGIES
from simastra.notebook import plots
from simastra.result import Result
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, MiB

TABLES = Tables(
    topologies={**TOPOLOGIES, **OWN_TOPOLOGIES},
    algorithms={**ALGORITHMS, **OWN_ALGORITHMS},
    backends={**BACKENDS, **OWN_BACKENDS},
)
EXPRESS = {"name": "ExpressRing", "stride": 4}


def shape(*topologies: object, npus: int = 8, **more: Any) -> NetworkConfig:
    many = len(topologies)
    return NetworkConfig(
        topology=topologies,
        npus_count=[npus] * many,
        bandwidth=[50] * many,
        latency=[500] * many,
        **more,
    )


def simulation(
    network: NetworkConfig,
    collective: CollectiveType,
    size: int,
    algorithm: str,
    backend: str = "congestion-aware",
) -> Simulation:
    algorithms = [algorithm] * network.dimensions
    return Simulation(
        one_collective(collective, size),
        system(algorithms, preferred_dataset_splits=1),
        network,
        options=Options(backend, tables=TABLES),
    )


def makespan(*args: Any, **more: Any) -> int:
    """One and the same event by event, by default and by every shortcut that applies."""
    simulated = simulation(*args, **more)
    found = {simulated.run(shortcuts=setting).makespan for setting in ("off", "auto", "always")}
    assert len(found) == 1
    return found.pop()


def is_folded(result: Result) -> bool:
    return any(use.taken and use.shortcut is Shortcut.FOLD for use in result.shortcuts)


# -- a topology with links of its own price --------------------------------------------------------


def all_to_all(*topologies: object, npus: int = 16) -> int:
    return makespan(shape(*topologies, npus=npus), CollectiveType.ALL_TO_ALL, MiB, "direct")


def test_express_links_shorten_ways_and_more_so_where_they_are_faster() -> None:
    assert all_to_all("Ring") == 44_940
    assert all_to_all(EXPRESS) == 15_660
    assert all_to_all({**EXPRESS, "faster": 4}) == 15_160


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_a_message_pays_what_its_links_cost(backend: str) -> None:
    """NPU 0 to NPU 5: express for four, at 8 times the rate and 100 ns, then one link more."""
    network = shape({**EXPRESS, "faster": 8, "express_latency": 100}, npus=16)
    trace = [TraceBuilder(npu) for npu in range(16)]
    trace[0].send("there", size=53_687, to=5)
    trace[5].recv("here", size=53_687, source=0)
    for npu in {*range(16)} - {0, 5}:
        trace[npu].compute("idle", micros=1)
    options = Options(backend, tables=TABLES)
    result = Simulation(Trace.of(trace), system(), network, options=options).run()
    express, link = 53_687 / 53.6870912 / 8, 53_687 / 53.6870912
    stored_and_forwarded = int(100 + express) + int(500 + link)
    in_one = int(600 + link)
    expected = stored_and_forwarded if backend == "congestion-aware" else in_one
    assert result.nodes[5][0].finished == expected


def test_two_express_rings_make_an_express_torus() -> None:
    assert all_to_all("Ring", "Ring", npus=8) == 50_860
    assert all_to_all(EXPRESS, EXPRESS, npus=8) == 31_332


def test_links_of_a_folded_express_torus_are_those_of_the_plain_one() -> None:
    network = shape(EXPRESS, EXPRESS)
    simulated = simulation(network, CollectiveType.ALL_TO_ALL, MiB, "direct")
    plain, folded = (simulated.run(shortcuts=setting) for setting in ("off", "always"))
    assert is_folded(folded)
    assert {(it.src, it.dst, it.size) for it in folded.links} == {
        (it.src, it.dst, it.size) for it in plain.links
    }


# -- its options in the network file ---------------------------------------------------------------

FILE = """\
topology: [Ring, {name: ExpressRing, stride: 2}]
npus_count: [2, 8]
bandwidth: [50, 50]
latency: [500, 500]
"""


BANDWIDTH = ("bandwidth", "all-reduce", "--system=sys.json", "--network=net.yml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Inputs, where the topologies and backends stand in the tables: a line each."""
    for table, own in ((TOPOLOGIES, OWN_TOPOLOGIES), (BACKENDS, OWN_BACKENDS)):
        for name, entry in own.items():
            monkeypatch.setitem(table, name, entry)
    one_collective(CollectiveType.ALL_REDUCE, 64 * KiB).write(tmp_path / "wl", 16)
    (tmp_path / "sys.json").write_text(
        system(["ring", "ring"]).model_dump_json(by_alias=True, exclude_unset=True)
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(verb: str, network: str, *more: str) -> int:
    Path("net.yml").write_text(network, encoding="utf-8")
    return main([verb, "--workload=wl", "--system=sys.json", "--network=net.yml", *more])


@pytest.mark.usefixtures("folder")
def test_options_of_a_topology_are_read_from_the_network_file() -> None:
    assert command("check", FILE) == 0
    config = load_network("net.yml")
    assert str(config.topology[1]) == "ExpressRing (stride 2)"
    assert config.topologies[1].options == {"stride": 2}
    assert NetworkConfig.parse(config.model_dump(mode="json")) == config


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{name: ExpressRing, stride: 1}", "topology[1].stride: must be at least 2, not 1"),
        ("{name: ExpressRing, strid: 2}", "unknown key 'strid'; did you mean 'stride'?"),
        ("{name: Expressring}", "topology[1]: unknown topology 'Expressring'; did you mean"),
        ("{name: Ring, stride: 2}", "topology[1].stride: Ring takes no options"),
        (
            "{name: Switch, stride: 2}",
            "topology[1].stride: unknown key 'stride'; the keys are reduces",
        ),
        ("{stride: 2}", "topology[1]: lacks the key 'name', which says which topology it is"),
        ("{name: Ring, name: Ring}", "name: is given twice"),
        ("[Ring]", "topology[1]: must be a string, not a list"),
    ],
)
def test_wrong_options_are_told_by_file_and_key(
    written: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("run", FILE.replace("{name: ExpressRing, stride: 2}", written)) == 2
    message = capsys.readouterr().err
    assert "net.yml: " in message
    assert said in message


@pytest.mark.usefixtures("folder")
def test_a_topology_of_ones_own_is_in_every_report(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--json=run.json", "--statistics", "--timeline=run.pftrace.json", "--explain"]
    assert command("run", FILE, *words) == 0
    assert command("report", FILE, "--output=page.html") == 0
    assert main([*BANDWIDTH, "--minbytes=64K", "--maxbytes=64K"]) == 0
    assert "ExpressRing (stride 2)" in Path("page.html").read_text(encoding="utf-8")
    assert "Traceback" not in capsys.readouterr().err


def test_its_network_is_drawn() -> None:
    simulated = simulation(shape(EXPRESS), CollectiveType.ALL_TO_ALL, MiB, "direct")
    drawn = plots.network(simulated.run(), simulated.network)
    assert drawn.collections


def test_a_python_program_gives_options_as_the_file_does() -> None:
    dimensions = simulation(
        shape({**EXPRESS, "faster": 2}), CollectiveType.ALL_TO_ALL, KiB, "direct"
    ).platform.dimensions
    (express,) = dimensions
    assert isinstance(express, ExpressRing)
    assert express.express.bytes_per_ns == 2 * express.link.bytes_per_ns
    with pytest.raises(ConfigError, match=r"topology\[0\]\.stride: must be at least 2, not 0"):
        simulation(
            shape({"name": "ExpressRing", "stride": 0}), CollectiveType.ALL_TO_ALL, KiB, "direct"
        )


# -- an algorithm that runs one collective ---------------------------------------------------------


def test_neighbours_exchange_in_four_steps_among_eight() -> None:
    """One shard, then two each time, over two links; packets pass the endpoint in between."""
    one, two = (2 * int(500 + shards * 8 * KiB / 53.6870912) for shards in (1, 2))
    found = makespan(shape("Switch"), CollectiveType.ALL_GATHER, 8 * KiB, "neighbourExchange")
    assert found == 5 * 10 + one + 3 * two


def test_what_it_cannot_run_is_told_by_its_key() -> None:
    with pytest.raises(ConfigError, match="Exchange can't run ALL_REDUCE; it is for ALL_GATHER"):
        simulation(shape("Switch"), CollectiveType.ALL_REDUCE, 8 * KiB, "neighbourExchange")


# -- backends --------------------------------------------------------------------------------------


def all_reduce(backend: str, **options: object) -> int:
    told = {"backend_options": {backend: options}} if options else {}
    network = shape("Switch", **told)
    return makespan(network, CollectiveType.ALL_REDUCE, 64 * KiB, "ring", backend=backend)


def test_jitter_makes_a_run_later_by_its_seed() -> None:
    on_time = all_reduce("congestion-unaware")
    assert all_reduce("jitter", width=0) == on_time == 19_701
    assert all_reduce("jitter") == all_reduce("jitter", seed=0) == 19_874
    assert all_reduce("jitter", seed=7) == 19_862
    assert on_time < all_reduce("jitter", width=10) < all_reduce("jitter", width=100)


def test_a_backend_that_declares_where_messages_wait_is_folded_for_nothing() -> None:
    """A header of 30 ns and 64 bytes a message; 7 ns before the first link."""
    steps, message = 14, 8 * KiB
    header = 30 + int(1000 + (message + 64) / 53.6870912) - int(1000 + message / 53.6870912)
    assert all_reduce("headers") == all_reduce("congestion-unaware") + steps * header
    assert all_reduce("delayed") == all_reduce("congestion-aware") + steps * 7
    for backend in ("headers", "delayed"):
        args = (shape("Switch"), CollectiveType.ALL_REDUCE, 64 * KiB, "ring", backend)
        assert is_folded(simulation(*args).run(shortcuts="always"))


def test_one_that_declares_nothing_goes_event_by_event() -> None:
    args = (shape("Switch"), CollectiveType.ALL_REDUCE, 64 * KiB, "ring", "jitter")
    fold, skew, *others = simulation(*args).run(shortcuts="always").shortcuts
    assert fold.reason == skew.reason == "nothing is known about the network backend 'jitter'"
    assert not any(use.taken for use in others)  # the compiled loop, where numba is installed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"jitter": {"width": -1}}, r"backend_options\.jitter\.width: must be at least 0, not -1"),
        (
            {"jitter": {"sede": 1}},
            "unknown key 'sede'; the keys are seed, width|did you mean 'seed'",
        ),
        ({"jiter": {}}, r"backend_options\.jiter: unknown backend 'jiter'; did you mean 'jitter'"),
        ({"congestion-aware": {"seed": 1}}, None),
    ],
)
def test_options_of_a_backend_are_told_by_file_and_key(
    options: dict[str, dict[str, object]], said: str | None
) -> None:
    network = shape("Switch", backend_options=options)
    args = (network, CollectiveType.ALL_REDUCE, 64 * KiB, "ring", "jitter")
    if said is None:  # those of another backend than the one that runs
        assert simulation(*args).run().makespan == 19_874
        with pytest.raises(ConfigError, match="seed: congestion-aware takes no options"):
            simulation(*args[:-1])
        return
    with pytest.raises(ConfigError, match=said):
        simulation(*args)


@pytest.mark.usefixtures("folder")
def test_options_of_a_backend_are_read_from_the_network_file() -> None:
    told = FILE + "backend_options: {jitter: {seed: 7, width: 50}}\n"
    assert command("run", told, "--network-backend=jitter", "--json=late.json") == 0
    assert command("run", FILE, "--network-backend=congestion-unaware", "--json=run.json") == 0
    assert Path("late.json").read_text() != Path("run.json").read_text()
    assert command("run", FILE + "backend_options: 3\n") == 2
    assert command("run", FILE + "backend_options: {jitter: 3}\n") == 2
