"""What an editor asks while a simulation of 1,024 NPUs goes on, and when it wants to stop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from debug_files import write_ring

adapter_client = pytest.importorskip("adapter_client", reason="there is no client of DAP here")
AdapterClient = adapter_client.AdapterClient

NPUS = 1024


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdapterClient]:
    """Takes minutes to its end, which nobody waits for."""
    inputs = write_ring(tmp_path_factory.mktemp("large"), npus=NPUS)
    with adapter_client.over_stdio(inputs) as client:
        client.launch()
        yield client


def test_all_npus_are_threads_and_their_links_come_in_pages(client: AdapterClient) -> None:
    assert len(client.ask("threads")["threads"]) == NPUS
    client.stopped("stepIn", threadId=700)
    client.value("step 3000", "repl")
    client.event("stopped")
    everything = client.variables(client.scope(511, "Simulation"))
    flights = everything["in_flight"]
    assert flights["indexedVariables"] == int(client.value("len(in_flight)")) > 200
    seen: list[str] = []
    for start in range(0, flights["indexedVariables"], 100):
        page = client.variables(
            flights["variablesReference"], filter="indexed", start=start, count=100
        )
        assert len(page) <= 100
        seen += page
    assert seen == [str(place) for place in range(flights["indexedVariables"])]
    for npu in (0, 511, 1023):
        whole = client.ask("stackTrace", threadId=npu + 1)
        assert whole["totalFrames"] == len(whole["stackFrames"])
        part = client.ask("stackTrace", threadId=npu + 1, startFrame=1, levels=1)["stackFrames"]
        assert part == whole["stackFrames"][1:2]


def test_it_answers_while_it_runs_and_pauses(client: AdapterClient) -> None:
    client.ask("continue", threadId=1)
    first = int(client.value("position"))
    threads = client.ask("threads")["threads"]
    assert threads[3]["name"] == "NPU 3"
    told = client.ask("setFunctionBreakpoints", breakpoints=[{"name": "time 1s"}])["breakpoints"]
    assert told[0]["verified"]
    for command in ("stackTrace", "next", "continue"):
        response = client.response(client.send(command, threadId=1))
        assert (response["success"], response["message"]) == (False, "notStopped")
    response = client.response(client.send("evaluate", expression="step", context="repl"))
    assert response["message"] == "notStopped"
    assert int(client.value("position")) > first
    assert client.stopped("pause", threadId=7)["reason"] == "pause"
    place = client.value("position")
    assert client.value("position") == place
    assert client.ask("pause", threadId=1) == {}  # it stands already


def test_what_goes_on_can_be_cancelled(client: AdapterClient) -> None:
    number = client.send("stepOut", threadId=1)
    client.answer(number)
    client.ask("cancel", requestId=number - 1)  # which is over, so that this is nothing
    first = int(client.value("position"))
    assert int(client.value("position")) > first
    client.ask("cancel", requestId=number)
    assert client.event("stopped")["reason"] == "pause"
    number = client.send("evaluate", expression="until 1s", context="repl")
    client.send("cancel", requestId=number)
    response = client.response(number)
    if response["success"]:  # it had begun
        assert "interrupted" in response["body"]["result"]
        client.event("stopped")
    else:
        assert response["message"] == "cancelled"


def test_a_request_that_is_cancelled_before_its_turn_is_not_carried_out(
    client: AdapterClient,
) -> None:
    moving = client.send("evaluate", expression="until 1s", context="repl")
    waiting = client.send("evaluate", expression="now", context="watch")
    client.send("cancel", requestId=waiting)  # which doesn't end what is before it
    client.send("cancel", requestId=moving)
    response = client.response(waiting)
    assert (response["success"], response["message"]) == (False, "cancelled")
    if client.response(moving)["success"]:  # it had begun
        client.event("stopped")


def test_a_long_move_says_how_far_it_is(client: AdapterClient) -> None:
    client.client.initialize("simastra", supports_progress_reporting=True)
    client.flush()
    client.ask("continue", threadId=1)
    begun = client.event("progressStart")
    assert (begun["title"], begun["cancellable"]) == ("simulating", True)
    assert client.event("progressUpdate")["percentage"] == 0  # of the only node of each
    client.ask("cancel", progressId=begun["progressId"])
    assert client.event("progressEnd")["progressId"] == begun["progressId"]
    assert client.event("stopped")["reason"] == "pause"


def test_a_client_may_leave_amid_a_move(tmp_path: Path) -> None:
    inputs = write_ring(tmp_path, npus=256)
    with adapter_client.over_stdio(inputs) as client:
        client.launch()
        client.ask("continue", threadId=1)
        client.ask("terminate")
        client.event("terminated")
    with adapter_client.over_stdio(inputs) as client:
        client.launch()
        client.ask("continue", threadId=1)


def test_commands_to_begin_with_can_be_paused(tmp_path: Path) -> None:
    inputs = write_ring(tmp_path, npus=256)
    with adapter_client.over_stdio(inputs) as client:
        client.ask("launch", **client.inputs, commands=["continue"])
        client.ask("configurationDone")
        client.ask("pause", threadId=1)
        client.event("stopped")
        assert client.value("ended") == "False"
