"""What a mission gives its player, and how an answer is judged: by simulating it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from simastra.errors import SimastraError
from simastra.notebook.exercises import Marks
from simastra.view.html import Markup, element, joined, title

from .moves import ForbiddenMoveError

MOST_STARS = 3


@dataclass(frozen=True, slots=True)
class Rating:
    """What an answer is worth.

    Attributes:
        stars: 0 where the goal isn't reached, 3 where it couldn't be reached better.
        remark: what was simulated, in words and numbers.
    """

    stars: int
    remark: str

    def __str__(self) -> str:
        return f"{'★' * self.stars}{'☆' * (MOST_STARS - self.stars)} {self.remark}"

    @property
    def marks(self) -> Marks:
        """As an exercise's judge has it."""
        return Marks(self.stars / MOST_STARS, f"{self}")


class PosedMission(ABC):
    """A mission of a certain seed: all that its player may look at, and who judges the answer.

    Two of the same seed are alike on every machine; of another one, they have
    another answer, unless there are few to choose from.
    """

    title: str
    """the mission's, for people"""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @property
    def story(self) -> str:
        """What is the case, and what is wanted, with its numbers."""
        return self._story

    @property
    def moves(self) -> str:
        """What an answer may say, and what is forbidden."""
        return self._moves

    def score(self, answer: object) -> Rating:
        """Simulate an answer.

        Raises:
            ForbiddenMoveError: it says what isn't allowed.
        """
        return self._score(answer)

    @abstractmethod
    def par(self) -> object:
        """The authors' answer, found from nothing but what the player has."""

    def judge(self, answer: object) -> Marks:
        """What `check` asks: points for the stars; none for what is forbidden, with the reason."""
        try:
            return self.score(answer).marks
        except ForbiddenMoveError as error:
            return Marks(0, _ended(f"Not allowed: {error}"))
        except SimastraError as error:
            return Marks(0, _ended(f"It can't be simulated: {error}"))

    @property
    @abstractmethod
    def _story(self) -> str: ...

    @property
    @abstractmethod
    def _moves(self) -> str: ...

    @abstractmethod
    def _score(self, answer: object) -> Rating: ...

    def __repr__(self) -> str:
        return f"{self.title} (seed {self.seed})\n{self.story}\nAnswer: {self.moves}"

    def _repr_html_(self) -> Markup:
        """For a notebook."""
        head = title(self.title, aside=f"seed {self.seed}")
        story = (element("div", *_marked_up(it)) for it in self.story.split("\n"))
        answer = element("div", element("b", "Answer: "), *_marked_up(self.moves))
        return joined(head, *story, answer)


def _ended(sentence: str) -> str:
    """With a full stop, unless it ends in a question, such as which name was meant."""
    return sentence if sentence.endswith("?") else f"{sentence}."


def _marked_up(text: str) -> Iterator[str]:
    """A text, what stands in `backticks` as code."""
    for place, part in enumerate(text.split("`")):
        yield element("code", part) if place % 2 else part
