"""Messages that share links, in the debugger: who shares what, at which rate, and what is next."""

from support.machines import system

from simastra.config import NetworkConfig
from simastra.debug import Flowed, Stepper
from simastra.debug.network_views import link_view, links_view
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.view.blocks import Text

SIZE = 50_000  # 1,000 ns at 50 GB/s
SWITCH = NetworkConfig(topology=["Switch"], npus_count=[3], bandwidth=["50GB/s"], latency=[500])
A = "50,000 B from NPU 1 to NPU 0"


def stepper() -> Stepper:
    """NPUs 1 and 2 send to 0 at once; sending has happened."""
    builders = [TraceBuilder(npu) for npu in range(3)]
    for src in (1, 2):
        builders[src].send("send", to=0, size=SIZE, tag=src)
        builders[0].recv("receive", source=src, size=SIZE, tag=src)
    made = Stepper(Simulation(Trace.of(builders), system(), SWITCH, options=Options("fluid")))
    made.step(3)
    return made


def test_each_link_shows_its_flows_and_their_rates() -> None:
    at = stepper()
    link = at.state.link(3, 0)
    assert [it.rate for it in link.sharing] == [50, 0]
    assert str(link.sharing[1]).endswith("tag 2, whose rate is computed at the end of this ns")
    assert at.state.upcoming == "at 0 ns, messages that share links get new rates"
    at.step()
    link = at.state.link(3, 0)
    assert [(it.message.src, it.rate) for it in link.sharing] == [(1, 25), (2, 25)]
    assert link.is_busy
    assert link.load_words == f"transmits 2 messages at once, the oldest {A}, tag 1, at 25 B/ns"
    (table,) = (it for it in links_view(at.state.links) if not isinstance(it, Text))
    assert f"{A}, tag 1, at 25 B/ns" in str(table)
    assert "NPU 2 to NPU 0, tag 2, at 25 B/ns" in "".join(map(str, link_view(link)))


def test_why_says_with_how_many_a_message_shares_and_until_when() -> None:
    at = stepper()
    at.step()
    said = "\n".join(at.state.run.why(0).lines())
    assert "on its way until 3,000 ns as things are: it shares link 3 -> 0 with 1 other" in said


def test_what_comes_next_is_said_of_flows() -> None:
    at, said, flowed = stepper(), [], []
    while not at.state.ended:
        said.append(at.state.upcoming)
        at.step()
        flowed += [str(it) for it in at.state.happened if isinstance(it, Flowed)]
    assert said[:3] == [
        "at 0 ns, messages that share links get new rates",
        f"at 1,000 ns, nothing: {A} have shared a link since, and take longer",
        f"at 2,000 ns, nothing: {A} have shared a link since, and take longer",
    ]
    assert said.count(f"at 2,000 ns, {A} are carried") == 1
    assert f"at 3,000 ns, {A} arrive" in said
    assert flowed[0] == f"{A} flowed for 2,000 ns at 25 B/ns, which link 3 -> 0 allows"
    assert at.state.now == 3000
