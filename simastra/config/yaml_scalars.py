"""What a scalar of a YAML file is: read as ASTRA-sim reads it, not as YAML 1.1 does.

ASTRA-sim's library leaves every scalar as text and converts it when it is asked for a number. So do
we: YAML 1.1's octals, base 60 and ``1e3``-is-text would give other numbers.
"""

import re

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")  # octal for ASTRA-sim, a typing error for most people
_NULLS = ("", "~", "null")


def read_scalar(text: str, *, plain: bool) -> object:
    """A number, None or the text itself; `plain` is one that isn't between quotes."""
    if plain and text in _NULLS:
        return None
    if _LEADING_ZERO.fullmatch(text):
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return text


def is_number(text: str) -> bool:
    """Whether a scalar is read as a number, between quotes too.

    >>> is_number("1e3"), is_number("007")
    (True, False)
    """
    return not isinstance(read_scalar(text, plain=False), str)
