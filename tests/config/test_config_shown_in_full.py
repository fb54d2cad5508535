"""Every cell that a notebook shows of configurations, and every schema for editors."""

import json
import re
from pathlib import Path

from simastra.collectives import ALGORITHMS, SELECTORS
from simastra.collectives.algorithms.knomial_options import KnomialOptions
from simastra.config import (
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
)
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.network import BACKENDS
from simastra.network.routing import ROUTERS
from simastra.network.topology import TOPOLOGIES

SPLITS = {"preferred-dataset-splits": 1}
NET = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [0.5], "latency": [0.25]}


def system(**keys: object) -> SystemConfig:
    given = {key.replace("_", "-"): value for key, value in keys.items()}
    return SystemConfig.parse({**SPLITS, **given}, "s")


def title_of(page: str) -> str:
    return re.sub(r"<[^>]*>", "|", page.partition("<table")[0].partition("<details")[0]).strip("|")


def test_each_kind_of_configuration_has_its_title() -> None:
    pages = [
        SystemConfig(preferred_dataset_splits=1)._repr_html_(),
        MemoryConfig.parse({"memory-type": "MEMORY_POOL"}, "m.json")._repr_html_(),
        NetworkConfig.parse(NET)._repr_html_(),
        CommGroups.parse({"1": [0]})._repr_html_(),
    ]
    found = [re.sub(r"\|+", "|", title_of(page)) for page in pages]
    assert [it.partition("|")[0].strip() for it in found] == [
        "System",
        "Memory",
        "Network",
        "Process groups",
    ]
    assert "m.json" in found[1]
    assert "8 NPUs" in found[2]
    assert "8 = 8" not in found[2]


def test_all_keys_that_are_given_have_no_others() -> None:
    full = MemoryConfig.parse(
        {
            "memory-type": "PER_NODE_MEMORY_EXPANSION",
            "remote-mem-latency": 1,
            "remote-mem-bw": 2000,
            "num-nodes": 3,
            "num-npus-per-node": 4,
        }
    )._repr_html_()
    assert "defaults" not in full
    assert re.findall(r"<td[^>]*>([^<]*)</td>", full)[1::2] == [
        "PER_NODE_MEMORY_EXPANSION",
        *("1", "2000", "3", "4"),
    ]
    shown = system(local_mem_bw=1600.0, peak_perf=0.5)._repr_html_()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown)
    values = dict(zip(cells[::2], cells[1::2], strict=True))
    assert (values["local-mem-bw"], values["peak-perf"], values["L"]) == ("1,600", "0.5", "0")
    assert values["all-reduce-implementation"] == "none"
    assert values["per-node-custom-implementation"] == "none"
    assert (values["track-local-mem"], values["endpoint-delay"]) == ("false", "10")


def test_committed_schemas_are_made_of_the_names_in_them() -> None:
    folder = Path(__file__).parents[2] / "schemas"
    committed = {it.name: json.loads(it.read_text("utf-8")) for it in folder.glob("*.schema.json")}
    topologies = committed["network.schema.json"]["properties"]["topology"]["items"]["anyOf"][0]
    items = committed["system.schema.json"]["properties"]["all-reduce-implementation"]["items"]
    pattern = items["anyOf"][1]["pattern"].removeprefix("^(?:(?:").removesuffix("))$")
    patterns = pattern.split(")|(?:")
    told = {name: it.options for name, it in BACKENDS.items() if it.options is not None}
    routers = {name: it.options for name, it in ROUTERS.items()}
    found = {name: it.find_options for name, it in ALGORITHMS.items()} | SELECTORS
    algorithms = {name: find() for name, find in found.items() if find is not None}
    shapes = {name: it.options for name, it in TOPOLOGIES.items() if it.options is not None}
    enum = tuple(topologies["enum"])
    trees = ("binomial", "linear", "knomial([2-9]|[1-9][0-9]+)?")
    tree_options = {"knomial": KnomialOptions}
    parts = shapes, told, routers, algorithms, trees, tree_options
    names = SchemaNames(enum, tuple(patterns), *parts)
    made = json_schemas(names)
    assert set(made) <= set(committed)
    for name, schema in made.items():
        assert json.dumps(schema, indent=1) == json.dumps(committed[name], indent=1), name


def test_only_names_that_are_names_themselves_are_offered() -> None:
    made = json_schemas(SchemaNames(("A",), ("ring", "halving[0-9]+", "direct[0-9]*", "x|y")))
    items = made["system.schema.json"]["properties"]["all-gather-implementation"]["items"]
    assert items == {
        "anyOf": [
            {"enum": ["ring", "direct", "x"]},
            {
                "type": "string",
                "pattern": "^(?:(?:ring)|(?:halving[0-9]+)|(?:direct[0-9]*)|(?:x|y))$",
            },
        ]
    }
