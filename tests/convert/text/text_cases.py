"""Text workloads with what Chakra's converter at hoti2024 and ASTRA-sim make of them."""

import gzip
import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from simastra.convert.text import TEXT_DIALECTS, TextConversion, TextOptions, convert_text
from simastra.trace import Node

TESTS = Path(__file__).parents[2]
PUBLIC = TESTS.parents[1] / "shared" / "golden" / "text_public.json"
"""Cases on public texts; read from beside the project and never copied into it."""

HOTI2024 = TEXT_DIALECTS["hoti2024"]
V1 = TEXT_DIALECTS["v1"]


class TextCase(TypedDict):
    """One case. Those that Chakra fails on have `reference_error` in place of the answers."""

    name: str
    text: str
    num_npus: int
    num_dims: int
    num_passes: int
    reference_error: NotRequired[str]
    et: NotRequired[dict[str, Any]]
    network: NotRequired[dict[str, Any]]
    system: NotRequired[dict[str, Any]]
    backend: NotRequired[str]
    expect: NotRequired[dict[str, Any]]


def own_cases() -> list[TextCase]:
    """Those that the project holds."""
    cases: list[TextCase] = json.loads(
        gzip.decompress((TESTS / "golden" / "text.json.gz").read_bytes())
    )
    return cases


def public_cases() -> list[TextCase]:
    """Those beside the project; none where they are absent."""
    if not PUBLIC.is_file():
        return []
    cases: list[TextCase] = json.loads(PUBLIC.read_text())
    return cases


def converted(case: TextCase, **options: Any) -> TextConversion:
    """A case's text, converted as the case says and Chakra does, unless `options` differ."""
    given: dict[str, Any] = {
        "npus": case["num_npus"],
        "dims": case["num_dims"],
        "passes": case["num_passes"],
        "dialect": HOTI2024,
        **options,
    }
    return convert_text(case["text"], case["name"], TextOptions(**given))


def lines(strategy: str, *layers: str) -> str:
    """A text workload of these lines, with the number of layers."""
    return "\n".join([strategy, str(len(layers)), *layers, ""])


def drawn(nodes: tuple[Node, ...]) -> list[str]:
    """Each node as ``name <- names of what it waits for``, its name without what all share."""
    names = {node.id: _short(node) for node in nodes}
    return [
        " <- ".join(
            [names[node.id], *[", ".join(names[dep] for dep in node.data_deps)] * _any(node)]
        )
        for node in nodes
    ]


def _any(node: Node) -> int:
    return int(bool(node.data_deps))


def _short(node: Node) -> str:
    return node.name.removeprefix("COMP_NODE_").removeprefix("COMM_COLL_NODE_")
