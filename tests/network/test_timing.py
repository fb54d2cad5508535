"""From bytes to nanoseconds: latency once a link, serialisation, each truncated on its own."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.network import LinkTiming
from simastra.network.timing import in_series

LATENCIES = st.sampled_from([0.0, 0.1, 99.5, 500.0])
RATES = st.sampled_from([0.5, 3.0, 53.6870912])
LINKS = st.builds(LinkTiming, LATENCIES, RATES)


def test_serialisation_and_crossing_are_truncated_each_on_its_own() -> None:
    assert LinkTiming(0.9, 3.0)[100] == (33, 34)  # 33.3 and 34.2
    assert LinkTiming(0.7, 3.0)[100] == (33, 34)  # 33.3 and 34.03


def test_links_are_priced_alike_if_latency_and_rate_are() -> None:
    link = LinkTiming(500.0, 50.0)
    assert link[5000] == (100, 600)
    assert link == LinkTiming(500.0, 50.0)  # which knows no size yet
    assert hash(link) == hash(LinkTiming(500.0, 50.0))
    assert link != LinkTiming(500.0, 25.0)
    assert link != LinkTiming(501.0, 50.0)
    assert link != {5000: (100, 600)}
    assert repr(link) == "LinkTiming(latency=500.0, bytes_per_ns=50.0)"


@given(link=LINKS, count=st.integers(1, 1000))
def test_many_alike_in_series_have_the_latency_times_their_number(
    link: LinkTiming, count: int
) -> None:
    """Not the sum: that is another float."""
    assert in_series([link] * count) == LinkTiming(count * link.latency, link.bytes_per_ns)


def test_in_series_the_slowest_counts_once() -> None:
    links = [LinkTiming(1.0, 50.0), LinkTiming(20.0, 3.0), LinkTiming(1.0, 50.0)]
    assert in_series(links) == LinkTiming(22.0, 3.0)
