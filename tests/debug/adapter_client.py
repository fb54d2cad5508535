"""``simastra debug --dap`` as a process, and a client of the protocol that checks all it says."""

import json
import queue
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, BinaryIO

import dap
import dap_types
from debug_files import Inputs
from pydantic import BaseModel

_SECONDS = 60
COMMAND = [sys.executable, "-m", "simastra", "debug", "--dap"]
INPUTS = {"workload": "wl", "system": "sys.json", "network": "net.yml"}

Body = dict[str, Any]


def _model(kind: str, name: str) -> type[BaseModel]:
    """The protocol's own type of a message."""
    return getattr(dap_types, f"{name[0].upper()}{name[1:]}{kind}")


class AdapterClient:
    """A client: dap-python writes its requests, dap-types says what all that comes must be like.

    Args:
        incoming: what the adapter says.
        outgoing: takes what is said to it.
        inputs: what it is to debug.
    """

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO, inputs: Inputs) -> None:
        self.inputs = {**INPUTS, "cwd": str(inputs.folder)}
        self.client = dap.Client("simastra")
        self.outgoing = outgoing
        self.messages: list[Body] = []
        self._arrived: queue.Queue[bytes] = queue.Queue()
        self._unread: list[Body] = []
        self._data = b""
        Thread(target=self._listen, args=(incoming,), daemon=True).start()
        self.flush()
        self.capabilities = self.answer(1)

    def _listen(self, incoming: BinaryIO) -> None:
        while data := incoming.read1(65536):  # type: ignore[attr-defined]
            self._arrived.put(data)
        self._arrived.put(b"")

    def flush(self) -> None:
        self.outgoing.write(self.client.send())
        self.outgoing.flush()

    def send(self, command: str, /, **arguments: object) -> int:
        number = self.client.send_request(command, arguments)
        self.flush()
        return number

    def ask(self, command: str, /, **arguments: object) -> Body:
        return self.answer(self.send(command, **arguments))

    def answer(self, number: int) -> Body:
        """What a request is answered, which must be carried out."""
        response = self.response(number)
        assert response["success"], response
        return response["body"]

    def problem(self, command: str, /, **arguments: object) -> str:
        """Why a request is refused, which must be."""
        response = self.response(self.send(command, **arguments))
        assert not response["success"], response
        return response["body"]["error"]["format"]

    def response(self, number: int) -> Body:
        return self._wait(lambda it: it.get("request_seq") == number)

    def event(self, name: str) -> Body:
        """The next event of a name."""
        return self._wait(lambda it: it.get("event") == name).get("body", {})

    def output(self) -> str:
        """What has been shown so far."""
        told = [it for it in self.messages if it.get("event") == "output"]
        return "".join(it["body"]["output"] for it in told)

    def stopped(self, command: str, /, **arguments: object) -> Body:
        """Where a move ends."""
        self.ask(command, **arguments)
        return self.event("stopped")

    def launch(self, **given: object) -> Body:
        """Launch, and go to where it stops first."""
        self.ask("launch", **{**self.inputs, **given})
        self.event("initialized")
        self.ask("configurationDone")
        return self.event("stopped")

    def value(self, expression: str, context: str = "watch") -> str:
        return self.ask("evaluate", expression=expression, context=context)["result"]

    def frames(self, npu: int) -> list[Body]:
        return self.ask("stackTrace", threadId=npu + 1)["stackFrames"]

    def scope(self, npu: int, name: str, frame: int = 0) -> int:
        """The number under which a scope of a frame is unfolded."""
        scopes = self.ask("scopes", frameId=self.frames(npu)[frame]["id"])["scopes"]
        return next(it["variablesReference"] for it in scopes if it["name"] == name)

    def variables(self, reference: int, **page: object) -> dict[str, Body]:
        told = self.ask("variables", variablesReference=reference, **page)["variables"]
        return {it["name"]: it for it in told}

    def _wait(self, wanted: Any) -> Body:
        while True:
            for place, message in enumerate(self._unread):
                if wanted(message):
                    return self._unread.pop(place)
            data = self._arrived.get(timeout=_SECONDS)
            assert data, f"the adapter has left; it said {self.messages[-3:]}"
            self._take(data)

    def _take(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            header, rest = self._data.split(b"\r\n\r\n", 1)
            length = int(header.removeprefix(b"Content-Length: "))
            if len(rest) < length:
                return
            self._data = rest[length:]
            message = json.loads(rest[:length])
            self._check(message)
            self.messages.append(message)
            self._unread.append(message)

    def _check(self, message: Mapping[str, Any]) -> None:
        before = self.messages[-1]["seq"] if self.messages else 0
        assert message["seq"] == before + 1
        if message["type"] == "event":
            _model("Event", message["event"]).model_validate(message)
        elif message["success"]:
            _model("Response", message["command"]).model_validate(message)
        else:
            dap_types.ErrorResponse.model_validate(message)


@contextmanager
def over_stdio(inputs: Inputs) -> Iterator[AdapterClient]:
    """A client of an adapter that is started for it; it leaves at the end."""
    process = subprocess.Popen(
        COMMAND,
        cwd=inputs.folder,
        env=inputs.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    try:
        client = AdapterClient(process.stdout, process.stdin, inputs)  # type: ignore[arg-type]
        yield client
        if process.poll() is None:
            client.ask("disconnect")
        assert process.wait(_SECONDS) == 0
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


@contextmanager
def served(inputs: Inputs) -> Iterator[int]:
    """The port of an adapter that serves clients there."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0"],
        cwd=inputs.folder,
        env=inputs.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        try:
            line = process.stderr.readline()
            yield int(line.split("port ")[1].split(";")[0])
        finally:
            process.kill()


@contextmanager
def over_tcp(port: int, inputs: Inputs) -> Iterator[AdapterClient]:
    """A client at a port; it leaves at the end."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection,
        connection.makefile("rb") as incoming,
        connection.makefile("wb") as outgoing,
    ):
        client = AdapterClient(incoming, outgoing, inputs)  # type: ignore[arg-type]
        yield client
        client.ask("disconnect")
