"""Plots are drawn without a screen, and closed after each test."""

from collections.abc import Iterator

import matplotlib as mpl
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_figures_left() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the backend is chosen

    plt.close("all")
