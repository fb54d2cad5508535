"""Missions: situations made of a seed, goals, and answers that are scored by simulating them.

>>> from simastra.notebook.missions import mission
>>> hang = mission("deadlock-circle", seed=3)
>>> print(hang.score(hang.par()))
★★★ It ends, at 67,750 ns.

A posed mission shows itself in a notebook, has what its player may look at, and judges an answer
(``check("16.1", answer, hang.judge)``). Forbidden moves are refused with the reason.

table      all missions by name, and `mission`, which poses one
mission    an entry of the table: its task, what it practises, the authors' way
posed      what a player gets, and the rating of an answer: no star to three
grading    stars by how good a figure is
moves      reading answers, refusing what the rules don't allow
dice       what a seed makes different
machines   small networks and systems
running    simulations, made and run unheard
diagnosis  find what is wrong
speed      make a step faster
planning   decide what to buy, and where things go
"""

from .mission import Mission
from .moves import ForbiddenMoveError
from .posed import PosedMission, Rating
from .table import MISSIONS, mission, overview

__all__ = [
    "MISSIONS",
    "ForbiddenMoveError",
    "Mission",
    "PosedMission",
    "Rating",
    "mission",
    "overview",
]
