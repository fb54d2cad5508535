"""InfraGraph's own blueprints: the same graph as its service makes of them, and it runs.

Its package is asked as the reference, where it is installed.
"""

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from simastra import MiB, NetworkConfig, Options, Simulation, SystemConfig, TraceBuilder
from simastra.config.graph.spellings.infragraph import read_infragraph
from simastra.network_graph import find_cut

pytest.importorskip("infragraph", reason="infragraph is not installed")
# What its own modules do on import and with isolated parts is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")


def part(module: str, name: str) -> Any:
    return getattr(importlib.import_module(f"infragraph.{module}"), name)


def device(module: str, name: str, *arguments: object) -> Any:
    return part(f"blueprints.devices.{module}", name)(*arguments)


def server(factor: int = 1) -> Any:
    return device("generic.server", "Server", factor)


def switch(ports: int = 16) -> Any:
    return device("generic.generic_switch", "Switch", ports)


def dgx(profile: str = "dgx_h100", *nic: object) -> Any:
    return device("nvidia.dgx", "NvidiaDGX", profile, *nic)


def fabric(module: str, name: str, *arguments: object) -> Any:
    return part(f"blueprints.fabrics.{module}", name)(*arguments)


def alone(*devices: Any) -> Any:
    made = part("infragraph", "Infrastructure")(name=devices[0].name)
    for it in devices:
        made.devices.append(it)
    made.instances.add(name=devices[0].name, device=devices[0].name, count=1)
    return made


def composed() -> Any:
    transceiver = device("common.transceiver.qsfp", "QSFP", "qsfp28_100g")
    nic = device("nvidia.cx5", "Cx5", "cx5_100g_single", transceiver)
    return alone(dgx("dgx_h100", nic), nic, transceiver)


BLUEPRINTS: dict[str, Callable[[], Any]] = {
    "server": lambda: alone(server(2)),
    "dgx1": lambda: alone(dgx("dgx1")),
    "dgx2": lambda: alone(dgx("dgx2")),
    "dgx_a100": lambda: alone(dgx("dgx_a100")),
    "dgx_h100": lambda: alone(dgx("dgx_h100")),
    "dgx_gb200": lambda: alone(dgx("dgx_gb200")),
    "dgx of cx5 of qsfp": composed,
    "ironwood": lambda: alone(device("ironwood_rack", "IronwoodRack")),
    "mi300x": lambda: alone(device("amd.mi300x", "MI300X")),
    "xe9680": lambda: alone(device("dell.xe9680", "Dellxe9680")),
    "xe9680L": lambda: alone(device("dell.xe9680L", "Dellxe9680L")),
    "xe9685L": lambda: alone(device("dell.xe9685L", "Dellxe9685L")),
    "clos": lambda: fabric("closfabric", "ClosFabric"),
    "fat tree of 2": lambda: fabric(
        "clos_fat_tree_fabric", "ClosFatTreeFabric", switch(8), server(), 2, []
    ),
    "fat tree of 3": lambda: fabric(
        "clos_fat_tree_fabric", "ClosFatTreeFabric", switch(4), server(), 3, [100, 200, 400]
    ),
    "dragonfly": lambda: fabric("dragonfly_fabric", "DragonflyFabric", switch(), server(), 4, 2, 2),
    "hybrid de Bruijn": lambda: fabric(
        "hybrid_debruijn_fabric", "HybridDeBruijnFabric", switch(), server(), 2
    ),
    "de Bruijn": lambda: fabric(
        "multi_host_debruijn_fabric", "MultiHostDeBruijnFabric", switch(), server(), 2
    ),
    "single tier": lambda: fabric("single_tier_fabric", "SingleTierFabric", dgx(), 2, 400),
}


@pytest.fixture(params=BLUEPRINTS)
def blueprint(request: pytest.FixtureRequest) -> Any:
    return BLUEPRINTS[request.param]()


def serviced(infrastructure: Any) -> Any:
    service = part("infragraph_service", "InfraGraphService")()
    service.set_graph(infrastructure)
    return service


def test_nodes_and_edges_are_those_of_its_service(blueprint: Any) -> None:
    ours = read_infragraph(json.loads(blueprint.serialize(blueprint.JSON)), "it", contract=False)
    theirs = serviced(blueprint).get_networkx_graph()
    kinds = {node.name: "xpu" if node.is_npu else node.kind for node in ours.nodes}
    # Of a custom component without a type its service makes no node, but it may link to it.
    assert kinds == {name: kind or "custom" for name, kind in theirs.nodes(data="type")}
    ends = {
        (ours.nodes[link.src].name, ours.nodes[link.dst].name): link.attributes
        for link in ours.links
    }
    both = {(a, b): it for a, b, it in theirs.edges(data=True)}
    both |= {(b, a): it for (a, b), it in both.items()}
    assert ends.keys() == both.keys()
    for pair, attributes in ends.items():
        assert attributes.kind == both[pair]["link"]
        if "bandwidth" in both[pair]:
            value, unit = both[pair]["bandwidth"].split()
            assert attributes.bytes_per_ns * {"Gbps": 8, "GBps": 1}[unit] == float(value)


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_npus_reach_each_other_and_reduce(blueprint: Any, backend: str) -> None:
    network = NetworkConfig.parse(yaml.safe_load(blueprint.serialize(blueprint.YAML)), "it.yaml")
    assert network.graph is not None
    assert find_cut(network.graph) is None
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=1 * MiB)
    system = SystemConfig(
        all_reduce_implementation=["direct"], preferred_dataset_splits=1, local_mem_bw=50
    )
    options = Options(backend=backend)
    assert Simulation(trace, system, network, options=options).run().makespan > 0


@pytest.mark.parametrize("form", ["infragraph", "networkx"])
def test_what_its_service_writes_is_the_same_graph(form: str) -> None:
    blueprint = BLUEPRINTS["clos"]()
    service = serviced(blueprint)
    note = part("infragraph", "Annotation")()
    names = [f"host.{host}.xpu.{npu}" for npu in range(2) for host in range(4)]
    for rank, name in enumerate(names):
        note.nodes.add(name=name).attributes.add(attribute="rank", value=str(rank))
    service.annotate_graph(note)
    request = part("infragraph", "GraphRequest")()
    request.choice = form
    getattr(request, form).annotations.choice = "full"
    written = NetworkConfig.parse(yaml.safe_load(service.get_graph(request)), "it").graph
    assert written is not None
    assert [node.name for node in written.nodes[:8]] == names
    plain = read_infragraph(json.loads(blueprint.serialize(blueprint.JSON)), "it")

    def by_name(graph: Any) -> set[tuple[str, str, object]]:
        nodes = graph.nodes
        return {(nodes[it.src].name, nodes[it.dst].name, it.attributes) for it in graph.links}

    assert by_name(written) == by_name(plain)


@pytest.mark.parametrize("name", ["Switch", "Cx5"])
def test_a_device_without_npus_says_so(name: str) -> None:
    made = switch() if name == "Switch" else device("nvidia.cx5", "Cx5")
    with pytest.raises(Exception, match="has no component of the choice xpu"):
        read_infragraph(json.loads(made.serialize(made.JSON)), "it.json")
