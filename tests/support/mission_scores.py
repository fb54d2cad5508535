"""What missions say of answers."""

from collections.abc import Sequence

import pytest

from simastra.notebook.missions.moves import ForbiddenMoveError
from simastra.notebook.missions.posed import PosedMission


def refusal(posed: PosedMission, answer: object) -> str:
    with pytest.raises(ForbiddenMoveError) as refused:
        posed.score(answer)
    return str(refused.value)


def stars(posed: PosedMission, answers: Sequence[object]) -> list[int]:
    return [posed.score(answer).stars for answer in answers]
