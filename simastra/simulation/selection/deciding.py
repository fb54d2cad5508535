"""An experiment in which each ``auto`` has been decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from simastra.collectives import Algorithm, AlgorithmChoice, Contender
from simastra.collectives.selection.auto import NONE_CAN
from simastra.collectives.selection.decided import decided
from simastra.result import AlgorithmDecision, TriedAlgorithms
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.system.algorithms import IMPLEMENTATION_KEYS
from simastra.trace import CollectiveType

from .alone import CollectiveAlone
from .questions import Question, questions
from .search import Tried, least
from .shape import shape
from .telling import decision_notices


def decided_experiment(experiment: Experiment) -> Experiment:
    """The same experiment with the algorithms of the least time, each collective by itself.

    Raises:
        ConfigError: if none can run a collective.
    """
    answers: dict[Hashable, _Answer] = {}
    given = defaultdict[CollectiveType, list[tuple[Question, _Answer]]](list)
    for question in questions(experiment):
        like = _likeness(experiment.platform, question)
        if like not in answers:
            answers[like] = _answer(experiment, question)
        answers[like].questions.append(question)
        given[question.collective].append((question, answers[like]))
    choices = {
        collective: tuple(_choices(experiment.platform, each, collective))
        for collective, each in given.items()
    }
    decisions = tuple(it.decision() for it in answers.values())
    return replace(
        experiment,
        platform=experiment.platform.with_choices(choices),
        decisions=decisions,
        notices=(*experiment.notices, *decision_notices(experiment.platform, decisions)),
    )


def _likeness(platform: Platform, question: Question) -> Hashable:
    """Equal for questions that have the same answer."""
    if question.members is None:
        return question.key
    return (
        question.collective,
        question.size,
        question.parts,
        shape(platform.topology, question.members),
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found for questions that are alike.

    Attributes:
        questions: all of them.
        taken: by dimension, what is taken where that was open.
        tried: all that was looked at.
        unable: algorithms that can't run it, and why.
    """

    questions: list[Question]
    taken: Mapping[int, Contender]
    tried: Sequence[Tried[Contender]]
    unable: tuple[tuple[str, str], ...]

    def decision(self) -> AlgorithmDecision:
        """As data."""
        first = self.questions[0]
        tried = tuple(
            TriedAlgorithms(tuple(option.name for option in it.options), it.time, it.bound)
            for it in self.tried
        )
        return AlgorithmDecision(
            first.collective,
            first.size,
            first.npus,
            first.members,
            0 if first.members is None else len(self.questions),
            tried,
            self.unable,
        )


def _answer(experiment: Experiment, question: Question) -> _Answer:
    """Try all that can run it.

    Raises:
        ConfigError: if nothing can.
    """
    alone = CollectiveAlone(experiment, question)
    able: list[list[Contender]] = []
    unable: dict[str, str] = {}
    for index in question.open:
        contenders = question.dimensions[index].algorithm.contenders
        problems = {it: alone.problem(index, it) for it in contenders}
        unable.update((it.name, problem) for it, problem in problems.items() if problem)
        able.append([it for it, problem in problems.items() if not problem])
        if not able[-1]:
            raise experiment.platform.system.error(
                f"{NONE_CAN}; {next(iter(unable.values()))}",
                f"{IMPLEMENTATION_KEYS[question.collective]}[{index}]",
            )
    tried = least(able, alone.bound, alone.time)
    taken = dict(zip(question.open, tried[0].options, strict=True))
    return _Answer([], taken, tried, tuple(unable.items()))


def _choices(
    platform: Platform, given: Sequence[tuple[Question, _Answer]], collective: CollectiveType
) -> Iterator[AlgorithmChoice]:
    """What is listed for a collective, with all answers in it."""
    in_groups = {
        question.key: answer.taken[0] for question, answer in given if question.members is not None
    }
    everywhere = [it for it in given if it[0].members is None]
    for index, choice in enumerate(platform.choices[collective]):
        along = {
            question.key: answer.taken[index]
            for question, answer in everywhere
            if index in answer.taken
        }
        # Where no collective is among all NPUs, nobody asks; what groups run promises more.
        taken = along or (in_groups if choice.algorithm.contenders else {})
        made = _decided(choice, taken)
        groups = _algorithm(in_groups) if in_groups else None
        yield replace(made, in_groups=groups)


def _decided(choice: AlgorithmChoice, taken: Mapping[Hashable, Contender]) -> AlgorithmChoice:
    if not taken:
        return choice
    names = {it.name for it in taken.values()}
    name = names.pop() if len(names) == 1 else choice.name
    return replace(choice, name=name, algorithm=_algorithm(taken))


def _algorithm(taken: Mapping[Hashable, Contender]) -> Algorithm:
    return decided({key: it.algorithm for key, it in taken.items()})
