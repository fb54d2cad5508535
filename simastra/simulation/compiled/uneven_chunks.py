"""The chunks of a collective whose parts differ in size, where all of them are alike."""

from __future__ import annotations

from dataclasses import replace

from simastra.collectives import Chunks
from simastra.collectives.uneven import UnevenAlgorithm
from simastra.shortcut_use import Shortcut
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Collective
from simastra.system.communicator import Participants


def of_each_chunk(collective: Collective, along: Participants, chunks: Chunks) -> Participants:
    """Who takes part, with what runs each chunk.

    Raises:
        Refused: if chunks differ.
    """
    if collective.parts is None:
        return along
    dimensions = along.for_chunk(collective, 0, chunks.count)
    for index in along.active:
        algorithm = dimensions[index].algorithm
        assert isinstance(algorithm, UnevenAlgorithm)  # parts have sizes
        if not algorithm.line.divides_into(chunks.count):
            reason = "chunks of a collective differ in size, as its parts do"
            raise Refused(reason, Shortcut.COMPILED)
    return replace(along, dimensions=dimensions)
