"""An agenda that notes what the delays that are scheduled on it are spent on."""

from simastra.engine import Agenda, Call, Category, Environment
from simastra.units import Ns


class NotingAgenda(Agenda):
    """Notes what is scheduled.

    Attributes:
        spent: each delay, with what it is spent on.
    """

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.spent: list[tuple[Ns, Category]] = []

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        self.spent.append((delay, spent_on))
        super().call_later(delay, call, spent_on)
