"""What an editor launches: keys as options, how it begins and ends, and what is refused."""

import json

import pytest
from debug_files import SYSTEM, Inputs

adapter_client = pytest.importorskip("adapter_client", reason="there is no client of DAP here")
AdapterClient = adapter_client.AdapterClient


def test_without_the_filter_and_the_stop_at_the_end_a_deadlock_is_an_exit(
    port: int, hang: Inputs
) -> None:
    with adapter_client.over_tcp(port, hang) as client:
        client.ask("launch", **client.inputs, stopAtEnd=False, stopOnEntry=False)
        client.event("initialized")
        client.ask("setExceptionBreakpoints", filters=[])
        client.ask("configurationDone")
        assert client.event("exited")["exitCode"] == 3
        client.event("terminated")
        assert "likely cause: missing send" in client.output()


def test_a_run_without_debugging_ends_by_itself(client: AdapterClient) -> None:
    client.ask("launch", **client.inputs, noDebug=True)
    client.event("initialized")
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "gradients"}])
    client.ask("configurationDone")
    assert client.event("exited")["exitCode"] == 0
    assert "the makespan is 117,780 ns" in client.output()


def test_a_run_without_debugging_does_not_stop_at_a_deadlock(port: int, hang: Inputs) -> None:
    with adapter_client.over_tcp(port, hang) as client:
        client.ask("launch", **client.inputs, noDebug=True)
        client.event("initialized")
        client.ask("configurationDone")
        assert client.event("exited")["exitCode"] == 3
        client.event("terminated")


WRONG = [
    ({"network": "nowhere.yml"}, "nowhere.yml"),
    ({"worklaod": "wl"}, "unknown option '--worklaod'; did you mean '--workload'?"),
    ({"system": None}, "--system is required; see --help"),
    ({"num-queues-per-dim": "two"}, "must be a whole number, not 'two'"),
    ({"network-backend": "magic"}, "magic"),
    ({"workload": ["wl"]}, "--workload: must be a text, a number, or true or false"),
    ({"stopOnEntry": "yes"}, "stopOnEntry: must be true or false, not 'yes'"),
    ({"commands": "c"}, "commands: must be a list of texts, not 'c'"),
    ({"cwd": "nowhere"}, "cwd: 'nowhere' can't be the folder"),
    ({"noDebug": "no"}, "noDebug: must be true or false, not 'no'"),
    ({"help": True}, "unknown key 'help'"),
]
"""What is given for a launch, and what is said of it."""


def test_what_is_wrong_with_a_launch_is_told_as_on_the_command_line(client: AdapterClient) -> None:
    for given, problem in WRONG:
        assert problem in client.problem("launch", **{**client.inputs, **given})
    assert client.launch()["reason"] == "entry"  # once it is mended


def test_each_client_begins_in_the_folder_of_the_adapter(port: int, ring: Inputs) -> None:
    (ring.folder / "inner").mkdir()
    with adapter_client.over_tcp(port, ring) as client:
        client.problem("launch", **{**client.inputs, "cwd": "inner"})  # nothing is there
    with adapter_client.over_tcp(port, ring) as client:
        client.ask("launch", **adapter_client.INPUTS)


def test_options_are_keys_and_notices_are_shown(client: AdapterClient) -> None:
    given = {"rendezvous-protocol": True, "compute-scale": 2, "num_queues_per_dim": 2}
    given |= {"type": "simastra", "request": "launch", "__sessionId": "a"}  # VS Code's own
    client.launch(**given, commands=["break node gradients npu 7", "mark here"])
    assert "--compute-scale" in client.output()
    assert client.stopped("continue", threadId=1)["threadId"] == 8
    assert client.stopped("continue", threadId=1)["description"].startswith("The end")
    assert client.value("now") != "117780"  # as without handshakes
    assert "already" in client.problem("launch", **client.inputs)


def test_what_only_informs_is_no_notice_to_an_editor(client: AdapterClient, ring: Inputs) -> None:
    free = {**SYSTEM, "local-mem-bw": 0}  # whoever writes 0 wants it
    (ring.folder / "free.json").write_text(json.dumps(free))
    client.launch(system="free.json")
    assert "notice" not in client.output()


def test_what_needs_a_simulation_or_a_stop_says_so(client: AdapterClient) -> None:
    assert "'launch' comes first" in client.problem("threads")
    assert "not attached" in client.problem("attach")
    assert "unknown request 'continu'; did you mean 'continue'?" in client.problem("continu")
    client.launch()
    assert client.problem("stackTrace", threadId=9) == (
        "there is no NPU 8; they are numbered 0 to 7"
    )
    assert client.problem("next", threadId=0).startswith("there is no NPU -1")
    assert client.problem("scopes", frameId="x") == "frameId: must be a whole number, not 'x'"
    assert client.problem("setBreakpoints", source={"name": "x.py"}, breakpoints=[]).startswith(
        "'x.py' is no trace's text; they are npu-0.trace to npu-7.trace"
    )
    for source in ({}, {"sourceReference": 9}, {"source": {"name": "x.py"}}):
        assert "is no trace's text" in client.problem("source", **{"sourceReference": 0, **source})
    assert "'named' or 'indexed'" in client.problem("variables", variablesReference=1, filter="x")
