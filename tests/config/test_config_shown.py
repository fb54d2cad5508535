"""What a notebook shows of configurations, and files of custom implementations by node."""

import re
from pathlib import Path

import pytest

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.custom_yaml import parse_custom_yaml
from simastra.errors import ConfigError


def rows(page: str) -> list[list[str]]:
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in page.split("<tr>")]
    return [row for row in found if row]


def test_a_network_has_a_row_a_dimension() -> None:
    mapping = {
        "topology": ["Ring", "Switch"],
        "npus_count": [4, 2],
        "bandwidth": [50.5, 1000],
        "latency": [500, 0.5],
    }
    page = NetworkConfig.parse(mapping, "net.yml")._repr_html_()
    assert "<small>4 x 2 = 8 NPUs, net.yml</small>" in page
    assert rows(page) == [
        ["0", "Ring", "4", "50.5", "500"],
        ["1", "Switch", "2", "1000", "0.5"],
    ]
    single = NetworkConfig.parse({key: value[:1] for key, value in mapping.items()})
    assert "<small>4 NPUs</small>" in single._repr_html_()


def test_a_system_shows_what_was_given_before_the_defaults() -> None:
    given = {
        "all-reduce-implementation": ["ring", "direct"],
        "roofline-enabled": 1,
        "preferred-dataset-splits": 4,
    }
    page = SystemConfig.parse(given, "sys.json")._repr_html_()
    assert "<small>sys.json</small>" in page
    assert "others have their defaults" in page
    assert rows(page)[:3] == [
        ["all-reduce-implementation", "ring, direct"],
        ["roofline-enabled", "true"],
        ["preferred-dataset-splits", "4"],
    ]
    left = dict(rows(page)[3:])  # type: ignore[arg-type]
    assert left["replay-only"] == "false"
    assert "all-reduce-implementation" not in left


def test_a_configuration_of_defaults_says_so() -> None:
    page = MemoryConfig()._repr_html_()
    assert "all keys have their defaults" in page
    assert "<small>" not in page
    assert page.startswith("<div><b>M")


def test_groups_have_a_row_each() -> None:
    page = CommGroups.parse({"1": [0, 1, 2, 3], "7": [5]}, "g.json")._repr_html_()
    assert "<small>g.json</small>" in page
    assert [row[:2] for row in rows(page)] == [["1", "4"], ["7", "1"]]


def test_prefixes_by_the_id_of_a_node() -> None:
    assert parse_custom_yaml("2: a/b\n17: c\n", "n.yml") == {2: "a/b", 17: "c"}


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("x: a\n", "x", "isn't the id of an ET node (line 1)"),
        ("1: a\n-2: b\n", "-2", "isn't the id of an ET node (line 2)"),
        ("٣: a\n", "٣", "isn't the id of an ET node (line 1)"),
        ("3: 7\n", "3", "must be the prefix of ET files, as text (line 1)"),
        ("3: ''\n", "3", "must be the prefix of ET files, as text (line 1)"),
    ],
)
def test_what_is_no_such_file_is_refused_by_key_and_line(text: str, key: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_custom_yaml(text, Path("n.yml"))
    assert (raised.value.key, raised.value.problem) == (key, problem)


def test_a_changed_copy_is_checked_and_keeps_its_source() -> None:
    first = SystemConfig.parse(
        {"endpoint-delay": 10, "local-mem-bw": 50, "preferred-dataset-splits": 1}, "sys.json"
    )
    second = first.model_copy(update={"endpoint_delay": 20})
    assert (second.endpoint_delay, second.local_mem_bw, second.source) == (20, 50, "sys.json")
    assert (first.endpoint_delay, first.model_copy()) == (10, first)
    with pytest.raises(ConfigError, match=r"^sys\.json: endpoint_delay: .*, not -1 "):
        first.model_copy(update={"endpoint_delay": -1})
