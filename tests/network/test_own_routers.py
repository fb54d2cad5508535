"""A router of one's own is asked for some ways before it is believed."""

import pytest

from simastra.config import NetworkConfig
from simastra.errors import ConfigError
from simastra.network import build_topology
from simastra.network.routing import ROUTERS, Router, RouterEntry

RATES = {"bandwidth": 50, "latency": 500}


class Lost(Router):
    """Goes where no link is."""

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        return (src, dst)


class Late(Router):
    """Ends one further on."""

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        return (src, (src + 1) % self.graph.npus)


@pytest.mark.parametrize(
    ("router", "problem"),
    [
        (Lost, "Lost: the route from NPU 0 to NPU 2 goes from npu.0 to npu.2, where no link is"),
        (Late, "Late: the route from NPU 0 to NPU 2 is npu.0 to npu.1"),
    ],
)
def test_what_a_router_of_ones_own_does_wrong_is_told(router: type[Router], problem: str) -> None:
    config = NetworkConfig.parse(
        {"graph": {"links": [{"ring": "npu[0:6]", **RATES}], "routing": "mine"}}, "net.yml"
    )
    with pytest.raises(ConfigError, match=problem) as caught:
        build_topology(config, routers={**ROUTERS, "mine": router})
    assert (caught.value.key, caught.value.source) == ("graph.routing", "net.yml")


def test_a_bare_class_takes_no_options() -> None:
    entry = RouterEntry.of(Lost)
    assert entry.options is None
    assert RouterEntry.of(entry) is entry
