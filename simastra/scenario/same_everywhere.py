"""Functions of the four operations and the square root alone: the same bits on every machine.

IEEE 754 rounds these correctly everywhere. What a C library makes of `exp` and `log` differs in the
last bit, which could make a duration longer by a nanosecond on one machine and not on another.
"""

from __future__ import annotations

from math import frexp, ldexp, sqrt

_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is ln 2 to 100 bits
_SQRT_HALF = 0.7071067811865476
_EXP_TERMS, _LOG_TERMS = 14, 12
_LARGEST_EXPONENT = 700.0


def exponential(x: float) -> float:
    """e^x, for |x| ≤ 700; to a few units in the last place.

    >>> exponential(0.0), round(exponential(1.0), 14)
    (1.0, 2.71828182845905)
    """
    x = min(max(x, -_LARGEST_EXPONENT), _LARGEST_EXPONENT)
    power = round(x / (_LN2_HIGH + _LN2_LOW))
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    value = 1.0
    for term in range(_EXP_TERMS, 0, -1):
        value = 1.0 + rest / term * value
    return ldexp(value, power)


def logarithm(x: float) -> float:
    """The natural logarithm of x > 0, by that of (1 + s) / (1 - s).

    >>> logarithm(1.0), round(logarithm(10.0), 14)
    (0.0, 2.30258509299405)
    """
    mantissa, power = frexp(x)
    if mantissa < _SQRT_HALF:
        mantissa, power = 2 * mantissa, power - 1
    s = (mantissa - 1) / (mantissa + 1)
    square, value = s * s, 0.0
    for term in range(_LOG_TERMS, -1, -1):
        value = value * square + 1 / (2 * term + 1)
    return power * _LN2_LOW + 2 * s * value + power * _LN2_HIGH


_CENTRE, _NEAR_TAIL = 0.425, 5.0
# Wichura's coefficients, from the highest power down: numerators and denominators.
_CENTRAL = (
    (
        *(2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4),
        *(4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3),
        *(1.3314166789178437745e2, 3.3871328727963666080e0),
    ),
    (
        *(5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4),
        *(2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2),
        *(4.2313330701600911252e1, 1.0),
    ),
)
_NEAR = (
    (
        *(7.7454501427834140764e-4, 2.2723844989269184583e-2, 2.4178072517745061177e-1),
        *(1.2704582524523683826e0, 3.6478483247632045042e0, 5.7694972214606914055e0),
        *(4.6303378461565452959e0, 1.4234371107496835510e0),
    ),
    (
        *(1.0507500716444169066e-9, 5.4759380849953447340e-4, 1.5198666563616457050e-2),
        *(1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494e0),
        *(2.0531916266377588324e0, 1.0),
    ),
)
_FAR = (
    (
        *(2.0103343992922881326e-7, 2.7115555687434876582e-5, 1.2426609473880784386e-3),
        *(2.6532189526576123093e-2, 2.9656057182850489123e-1, 1.7848265399172913358e0),
        *(5.4637849111641143699e0, 6.6579046435011037772e0),
    ),
    (
        *(2.0442631033899397236e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5),
        *(7.8686913114561329059e-4, 1.4875361290850615025e-2, 1.3692988092273580531e-1),
        *(5.9983220655588793769e-1, 1.0),
    ),
)


def normal_quantile(p: float) -> float:
    """What a standard normal number is below with probability 0 < p < 1.

    Algorithm AS 241 (M. J. Wichura, Applied Statistics 37, 1988), to 16 digits.

    >>> normal_quantile(0.5), round(normal_quantile(0.975), 6)
    (0.0, 1.959964)
    """
    q = p - 0.5
    if abs(q) <= _CENTRE:
        return q * _ratio(_CENTRAL, _CENTRE * _CENTRE - q * q)
    r = sqrt(-logarithm(p if q < 0 else 1 - p))
    near = r <= _NEAR_TAIL
    value = _ratio(_NEAR, r - 1.6) if near else _ratio(_FAR, r - _NEAR_TAIL)
    return -value if q < 0 else value


def _ratio(of: tuple[tuple[float, ...], tuple[float, ...]], at: float) -> float:
    values = []
    for coefficients in of:
        value = 0.0
        for coefficient in coefficients:
            value = value * at + coefficient
        values.append(value)
    return values[0] / values[1]
