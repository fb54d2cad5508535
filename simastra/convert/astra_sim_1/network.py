"""A network file of ASTRA-sim 1.x's analytical backend: JSON, with a list entry a dimension.

There, a dimension's links worked as one: a message took their bandwidths' sum (in a fully connected
dimension, of those to one peer), the latency of a link for each hop, twice the NIC's, and, through
a switch, the router's. Here, what a message pays is the latency of each link, of which a switch has
two on the way.
"""

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from simastra.config import NetworkConfig
from simastra.config.json_file import parse_json
from simastra.config.messages import show
from simastra.errors import ConfigError
from simastra.foreign.roles import VERSION_1_KEYS
from simastra.notices import Notice, Severity

_HIERARCHICAL = "Hierarchical"
_TOPOLOGIES = {
    "Ring": "Ring",
    "FullyConnected": "FullyConnected",
    "AllToAll": "FullyConnected",
    "Switch": "Switch",
}


def convert_network(
    text: str, source: Path | str, notices: list[Notice]
) -> tuple[NetworkConfig, str]:
    """Convert a file's content; adds what was left out to `notices`.

    Returns:
        what it says, and the YAML that says so.

    Raises:
        ConfigError: it isn't such JSON, or says what no network file here can say.
    """
    document = parse_json(text, source)
    if not isinstance(document, dict) or not document.keys() & VERSION_1_KEYS:
        raise ConfigError(
            "this JSON has no key of a network file of ASTRA-sim 1.x, such as units-count",
            source=source,
        )
    file = _File(document, source)
    topologies = file.topologies()
    counts = file.whole_numbers("units-count")
    links = file.whole_numbers("links-count")
    rates = file.numbers("link-bandwidth")
    shape = list(zip(topologies, counts, strict=True))
    bandwidth = [
        file.links(index, topology, count, links[index]) * rates[index]
        for index, (topology, count) in enumerate(shape)
    ]
    keys = {
        "topology": topologies,
        "npus_count": counts,
        "bandwidth": bandwidth,
        "latency": file.latencies(topologies),
    }
    notices.extend(file.left_out())
    config = NetworkConfig.parse(keys, source)
    return config, "".join(f"{key}: {json.dumps(value)}\n" for key, value in keys.items())


class _File:
    """The file's values, and what to say about those that are wrong."""

    def __init__(self, document: dict[str, object], source: Path | str) -> None:
        self._document = document
        self._source = source
        name = document.get("topology-name", _HIERARCHICAL)
        # Of one dimension, the name may stand for the list.
        if name != _HIERARCHICAL and "topologies-per-dim" not in document:
            self._document = {**document, "topologies-per-dim": [name]}
        self._dimensions = len(self._list("topologies-per-dim"))

    def topologies(self) -> list[str]:
        """The name that each dimension's topology has today."""
        names = []
        for index, name in enumerate(self._list("topologies-per-dim")):
            if not isinstance(name, str) or name not in _TOPOLOGIES:
                raise self._error(
                    f"topologies-per-dim[{index}]",
                    f"is {show(name)}; ASTRA-sim 1.x had {', '.join(_TOPOLOGIES)}",
                )
            names.append(_TOPOLOGIES[name])
        count = self._document.get("dimensions-count", len(names))
        if count != len(names):
            raise self._error("dimensions-count", f"is {show(count)}, of {len(names)} dimensions")
        return names

    def numbers(self, key: str) -> list[float]:
        """One number a dimension."""
        values = self._list(key)
        if len(values) != self._dimensions:
            raise self._error(key, f"has {len(values)} entries, of {self._dimensions} dimensions")
        return [self._number(f"{key}[{index}]", value) for index, value in enumerate(values)]

    def whole_numbers(self, key: str) -> list[int]:
        """One whole number a dimension."""
        numbers = self.numbers(key)
        for index, number in enumerate(numbers):
            if not number.is_integer():
                raise self._error(f"{key}[{index}]", f"is {number}; a whole number is wanted")
        return list(map(int, numbers))

    def _number(self, key: str, value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            with suppress(OverflowError):
                number = float(value)
                if math.isfinite(number):
                    return number
        raise self._error(key, f"is {show(value)}; a number is wanted")

    def links(self, index: int, topology: str, count: int, links: int) -> int:
        """How many links' bandwidth a message has."""
        match topology:
            case "Ring":
                at_once, least = links - links % 2, 2
            case "FullyConnected":
                at_once, least = links // max(count - 1, 1), count - 1
            case _:
                at_once, least = links, 1
        if at_once < 1:
            raise self._error(
                f"links-count[{index}]",
                f"is {links}; {topology} of {count} NPUs needs {least} at least",
            )
        return at_once

    def latencies(self, topologies: Sequence[str]) -> list[float]:
        """Each dimension's latency of a link, NIC and router included."""
        link = self.numbers("link-latency")
        nic = self._optional("nic-latency")
        router = self._optional("router-latency")
        return [
            link[i] + nic[i] + router[i] / 2 if topology == "Switch" else link[i] + 2 * nic[i]
            for i, topology in enumerate(topologies)
        ]

    def left_out(self) -> list[Notice]:
        """Notices about what has no successor."""
        notices = []
        if any(self._optional("hbm-scale")):
            notices.append(
                Notice(
                    "left-out",
                    f"{self._source}: hbm-scale",
                    "is left out with the other hbm-* keys: no version of ASTRA-sim since 2.0 "
                    "has messages wait for memory",
                    "write the NPU's memory bandwidth as local-mem-bw into the system file",
                )
            )
        unknown = self._document.keys() - VERSION_1_KEYS
        notices.extend(
            Notice(
                "left-out",
                f"{self._source}: {key}",
                "is left out: ASTRA-sim 1.x didn't read it",
                "nothing is to be done",
                Severity.INFO,
            )
            for key in sorted(unknown)
        )
        return notices

    def _optional(self, key: str) -> list[float]:
        return self.numbers(key) if key in self._document else [0.0] * self._dimensions

    def _list(self, key: str) -> list[object]:
        if key not in self._document:
            raise self._error(key, "is required, with an entry a dimension")
        value = self._document[key]
        if not isinstance(value, list):
            raise self._error(key, "must be a list with an entry a dimension")
        return value

    def _error(self, key: str, problem: str) -> ConfigError:
        return ConfigError(problem, source=self._source, key=key)
