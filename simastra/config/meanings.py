"""What the fields of a model mean: the docstring below each, as an editor shows it on hover.

Sources are read when somebody asks: for a message about a wrong value, for `help()`, for a schema.
"""

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """The meaning of each field that has one, by the field's name, each on one line.

    That is the docstring under it, or its ``Field(description=...)`` where there is none, or where
    the source isn't at hand.
    """
    found = {name: text for base in reversed(model.__mro__) for name, text in _docstrings(base)}
    fields = model.model_fields.items()
    texts = {name: found.get(name) or field.description for name, field in fields}
    return {name: " ".join(text.split()) for name, text in texts.items() if text}


@cache
def _docstrings(model: type) -> tuple[tuple[str, str], ...]:
    """Names that a class annotates, with the string that follows."""
    try:
        tree = ast.parse(dedent(inspect.getsource(model)))
    except (OSError, TypeError, SyntaxError):  # made by a prompt, or built in
        return ()
    (statement,) = tree.body
    body = statement.body if isinstance(statement, ast.ClassDef) else []
    return tuple(
        (named.id, text)
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(named := field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(value := below.value, ast.Constant)
        if isinstance(text := value.value, str)
    )
