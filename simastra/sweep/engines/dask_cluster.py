"""Processes of any number of machines, by Dask: a cluster that is there, or one of this machine."""

from __future__ import annotations

import hashlib
import logging
import pickle
import time
import uuid
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, final

from simastra.cores import cores
from simastra.errors import InputError
from simastra.requirement import require
from simastra.sweep.dataset import Row
from simastra.sweep.points import LruCache, PointRunner, lost_row
from simastra.sweep.pruning import Front
from simastra.sweep.study import Study
from simastra.version import version

from .engine import Engine, EngineSettings
from .inputs_by_content import ByContent, PrefixContents
from .slices import Numbers, slices

_AHEAD = 4
"""Slices for each thread of the cluster that are begun before the first of them is done."""

_LEAST_AHEAD = 16
"""So many even while no worker has come yet."""

_STUDIES = 4
"""Studies whose runners a worker keeps."""

_SECONDS_TO_ANSWER = 10

_SECONDS_BETWEEN_COUNTS = 2.0
"""So often the cluster is asked how large it is, since it may grow and shrink."""

_MOST_RESTARTS = 5

_GONE = "engine dask: the scheduler is gone"


@dataclass(frozen=True, slots=True)
class _Begun:
    """A slice that the cluster has."""

    numbers: Numbers
    future: Any


@final
class DaskEngine(Engine):
    """Runs points as tasks of a Dask cluster. What a lost worker was at, Dask gives to another."""

    summary = "by Dask: --scheduler's cluster, or one of this machine"
    takes = ("workers", "scheduler")

    def __init__(self, study: Study, settings: EngineSettings) -> None:
        super().__init__(study, settings)
        distributed = require("distributed", "sweep", "engine dask")
        self._distributed = distributed
        self._cluster: Any = None
        address = settings.scheduler
        if address is None:
            self._cluster = distributed.LocalCluster(
                n_workers=settings.workers or cores(),
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what fails is told
        self._client = _client(distributed, self._cluster or address, address)
        self._name = uuid.uuid4().hex
        self._inputs = self._sent_inputs()
        self._next_count, self._most = 0.0, _LEAST_AHEAD

    def rows(self, numbers: Iterable[int], front: Front | None = None) -> Iterator[Row]:
        """As of `Engine`."""
        begun: deque[_Begun] = deque()
        remaining = slices(numbers)
        try:
            while True:
                while len(begun) < self._most_begun() and (some := next(remaining, None)):
                    begun.append(self._begin(some, front))
                if not begun:
                    return
                yield from self._finish(begun.popleft(), front)
        except OSError:  # of whatever it is asked
            raise InputError(_GONE) from None
        finally:
            with suppress(OSError):
                for it in begun:
                    it.future.cancel()

    def close(self) -> None:
        """As of `Engine`."""
        with suppress(Exception):  # whatever a cluster says that is no more
            self._client.close()
            if self._cluster is not None:
                self._cluster.close()

    def _sent_inputs(self) -> list[Any]:
        """The study and its traces as tasks, from which they are had again if a worker is lost."""
        traces = {it.digest: PrefixContents.of(it) for it in self._study.trace_files}
        return [self._sent(self._study, ""), *(self._sent(it, key) for key, it in traces.items())]

    def _sent(self, what: object, digest: str) -> Any:
        data = pickle.dumps(what)
        key = hashlib.sha256(data).hexdigest()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")  # it is large
            return self._client.submit(_Kept, key, digest, data, key=f"simastra-inputs-{key}")

    def _most_begun(self) -> int:
        now = time.monotonic()
        if now > self._next_count:
            self._next_count = now + _SECONDS_BETWEEN_COUNTS
            threads = sum(self._client.nthreads().values())
            self._most = max(_AHEAD * threads, _LEAST_AHEAD)
        return self._most

    def _begin(self, numbers: Numbers, front: Front | None) -> _Begun:
        key = f"simastra-{self._name}-{numbers[0]}-{uuid.uuid4().hex[:8]}"
        task = self._client.submit(_rows, self._inputs, numbers, front, version(), key=key)
        return _Begun(numbers, task)

    def _finish(self, begun: _Begun, front: Front | None) -> list[Row]:
        """The rows of a slice; where workers end with it, of its points one by one."""
        for _ in range(_MOST_RESTARTS):
            try:
                return _result(begun.future)
            except self._distributed.client.FutureCancelledError:
                begun = self._begin_again(begun, front)
            except self._distributed.scheduler.KilledWorker:
                return self._one_by_one(begun.numbers, front)
            except (ImportError, RuntimeError) as error:  # Dask's, who can't make the task there
                cause = error.__cause__ or error
                raise InputError(f"engine dask: a worker can't run simastra: {cause}") from None
        raise InputError("engine dask: the scheduler forgets what it is given, again and again")

    def _one_by_one(self, numbers: Numbers, front: Front | None) -> list[Row]:
        if len(numbers) == 1:
            return [lost_row(self._study, numbers[0])]
        alone = [self._begin((it,), front) for it in numbers]
        return [row for it in alone for row in self._finish(it, front)]

    def _begin_again(self, begun: _Begun, front: Front | None) -> _Begun:
        """Begin a slice that somebody cancelled, by restarting the cluster for instance.

        Raises:
            InputError: the scheduler is gone.
        """
        if self._client.status != "running":
            raise InputError(_GONE)
        if any(it.cancelled() for it in self._inputs):
            self._inputs = self._sent_inputs()
        return self._begin(begun.numbers, front)


def _client(distributed: Any, where: object, address: str | None) -> Any:
    """A client of a cluster.

    Raises:
        InputError: if nobody answers there.
    """
    try:
        return distributed.Client(where, set_as_default=False, timeout=_SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--scheduler: no scheduler of Dask answers at {address}: {error}"
        ) from None


def _result(future: Any) -> list[Row]:
    rows: list[Row] = future.result()
    return rows


@dataclass(frozen=True, slots=True)
class _Kept:
    """A part of a study's inputs, as a worker has it: what a task of Dask gives for it.

    Attributes:
        key: digest of what it is made from.
        trace: digest of the traces that it is; empty for the study itself.
        data: it, pickled; it is read when it is needed.
    """

    key: str
    trace: str
    data: bytes


_TURN = Lock()
"""Python simulates in one thread at a time anyhow; so what a runner keeps needs no locks."""

_RUNNERS: LruCache[PointRunner] = LruCache(_STUDIES)
"""Of this worker."""


def _rows(inputs: Sequence[_Kept], numbers: Numbers, front: Front | None, told: str) -> list[Row]:
    """What a worker does with a slice.

    Raises:
        InputError: it isn't the simastra that asks.
    """
    if version() != told:
        text = f"engine dask: a worker has simastra {version()}, and not {told}; have all the same"
        raise InputError(text)
    with _TURN:
        runner = _RUNNERS.get(tuple(it.key for it in inputs), lambda: _runner(inputs))
        return [runner.row(it, front) for it in numbers]


def _runner(inputs: Sequence[_Kept]) -> PointRunner:
    study, *traces = inputs
    contents = {it.trace: pickle.loads(it.data) for it in traces}
    return PointRunner(pickle.loads(study.data), ByContent(contents))
