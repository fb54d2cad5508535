"""The page of a sweep, as text and data: the best, ties, and what is missing."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support.made_sweeps import FACTS, made_results

from simastra.errors import OptionError
from simastra.sweep.columns import PARTS
from simastra.sweep.page import sweep_page, write_sweep_page
from simastra.sweep.page.shown_points import shown_places
from simastra.sweep.results import SweepResults


class _Text(HTMLParser):
    """What stands on a page, without its style and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.words.append(data)


def words(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    return " ".join(parser.words)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def column(page: str, name: str) -> list[Any]:
    it = next(it for it in data_of(page)["table"]["columns"] if it["name"] == name)
    return [it["texts"][at] for at in it["places"]] if "texts" in it else it["values"]


def test_the_answer_is_for_each_value_of_what_it_is_asked_for() -> None:
    results = made_results(for_each=("algorithm",))
    page = sweep_page(results)
    said = words(page)
    assert "Least makespan_ns for each algorithm" in said
    assert "Least cost for each algorithm" in said
    assert "Least makespan_ns 330.5 µs" not in said
    assert f"Pareto front {len(results.front_places)} points of makespan_ns, cost, for each" in said
    assert data_of(page)["forEach"] == ["algorithm"]
    assert data_of(page)["front"] == sorted(results.front_places)
    assert data_of(sweep_page(made_results()))["forEach"] == []


def test_the_best_of_each_are_on_a_page_that_has_some_of_the_points() -> None:
    results = made_results(more=30, for_each=("generate.tp",))
    best = results.best_of_each_places("makespan_ns")
    assert set(best[:50]) <= set(shown_places(results, 400))
    assert "the first" in words(sweep_page(results, most=400))


def test_the_answer_says_how_many_and_the_best() -> None:
    said = words(sweep_page(made_results()))
    assert "Ring or <switch>" in said
    assert "36 32 finished, 4 can't run" in said
    assert "Least makespan_ns 330.5 µs" in said
    assert "point 29: network.bandwidth[0] 200, algorithm ring, generate.tp 4" in said
    assert "the next value is 6.1 % more" in said
    assert "8 points share it: 0, 1, 2, 3 and 4 more" in said
    assert "Pareto front 4 points of makespan_ns, cost" in said
    assert "4\u00d7  algorithm: a tree needs tp of 1 or 2; it is 4" in said


def test_the_scatter_of_seeds_is_said_where_there_are_any() -> None:
    assert "seeds make it range over" not in words(sweep_page(made_results()))
    said = words(sweep_page(made_results(seeds=2)))
    assert "seeds make it range over 0.0014 % on average, 0.003 % at the most" in said
    assert "best on average over seeds: 330.5 µs, network.bandwidth[0] 200, algorithm ring" in said


def test_all_values_are_on_it() -> None:
    results = made_results()
    page = sweep_page(results)
    for name in ("number", "network.bandwidth[0]", "makespan_ns", "status", "point"):
        assert column(page, name) == list(results.columns[name])
    data = data_of(page)
    assert data["front"] == list(results.front_places)
    assert data["shared"] == {"npus": 8}
    assert data["replay"] == "simastra sweep --replay out"
    memory = next(it for it in data["table"]["columns"] if it["name"] == "memory_per_npu")
    assert (memory["unit"], memory["meaning"]) == FACTS["memory_per_npu"]


def test_the_parts_of_a_bar_sum_to_the_makespan() -> None:
    results = made_results()
    for row in results.rows():
        if row["status"] == "ok":
            assert sum(row[name] for name in PARTS) == row["makespan_ns"]


def test_it_is_the_same_each_time_and_loads_nothing() -> None:
    page = sweep_page(made_results())
    assert page == sweep_page(made_results())
    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r'(src|href)="(?!#)', page)


def test_text_of_the_study_is_never_markup() -> None:
    results = made_results()
    evil = "</script><script>alert(1)</script>"
    columns = {
        **results.columns,
        "algorithm": [evil] * len(results),
        "error": [evil] * len(results),
    }
    document = {**results.document, "title": evil}
    page = sweep_page(SweepResults(columns, document, {}, evil))
    assert "<script>alert" not in page


def test_of_many_points_the_front_the_best_and_a_sample_are_there() -> None:
    results = made_results(more=20)  # 720 points
    places = shown_places(results, most=100)
    assert len(places) <= 100
    assert set(results.front_places) <= set(places)
    assert set(results.best_places("cost")[:1]) <= set(places)
    page = sweep_page(results, most=100)
    assert f"{len(places)} of 720 points are shown" in words(page)
    assert data_of(page)["table"]["rows"] == len(places)
    assert "720 716 finished" in words(page)


def test_ten_thousand_points_stay_small() -> None:
    page = sweep_page(made_results(more=278))
    assert data_of(page)["table"]["rows"] == 10_008
    assert len(page) < 3_000_000


def test_influence_says_what_it_rests_on() -> None:
    whole = made_results()
    said = words(sweep_page(whole))
    assert "Estimated from the 32 points that finished, which aren't a full grid" in said
    full = whole.at([at for at, it in enumerate(whole.columns["algorithm"]) if it != "tree"])
    said = words(sweep_page(full))
    assert "Parts of the variance over the 24 points that finished" in said
    assert "network.bandwidth[0] \u00d7 generate.tp" in said
    parts = dict(full.sensitivity("makespan_ns").parts())
    assert sum(it or 0 for it in parts.values()) == pytest.approx(1)
    assert list(parts)[:2] == ["generate.tp", "network.bandwidth[0]"]


def test_an_objective_that_never_varies_is_told() -> None:
    results = made_results()
    columns = {**results.columns, "cost": [5] * len(results)}
    assert "It is the same at all points." in words(
        sweep_page(SweepResults(columns, results.document))
    )


@pytest.mark.parametrize(
    "results",
    [
        SweepResults({}),
        SweepResults({"number": []}, {"title": "none", "axes": [], "objectives": {"x": "min"}}),
        SweepResults({"number": [0], "status": ["error"], "error": ["no"], "makespan_ns": [None]}),
        SweepResults(
            {"number": [0], "status": ["pruned"], "tp": [True]}, {"axes": [{"name": "tp"}]}
        ),
    ],
)
def test_few_points_or_none_have_a_page(results: SweepResults) -> None:
    page = sweep_page(results)
    assert data_of(page)["table"]["rows"] == len(results)
    assert f"Points {len(results)}" in words(page)


def test_values_that_are_lists_are_shown_as_their_text() -> None:
    columns = {"number": [0, 1], "machine": [[25, 500], {"a": 1}], "makespan_ns": [1, 2]}
    asked = {
        "axes": [{"name": "machine", "keys": ["a", "b"]}],
        "objectives": {"makespan_ns": "min"},
    }
    page = sweep_page(SweepResults(columns, asked))
    assert column(page, "machine") == ["25, 500", '{"a": 1}']
    assert "machine 25, 500" in words(page)


def test_of_a_long_message_the_ends_are_said() -> None:
    text = "deadlock: it stands still\nNPU 1 waits\n  likely cause: missing send"
    page = sweep_page(SweepResults({"number": [0], "status": ["deadlock"], "error": [text]}))
    assert "deadlock: it stands still \u2026 likely cause: missing send" in words(page)
    assert data_of(page)["shared"]["error"] == text


def test_numbers_that_are_none_are_left_out() -> None:
    columns = {"number": [0, 1, 2], "cost": [float("inf"), float("nan"), 2.5]}
    page = sweep_page(SweepResults(columns, {"objectives": {"cost": "min"}}))
    assert column(page, "cost") == [None, None, 2.5]
    assert "Least cost 2.5" in words(page)


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_sweep_page(tmp_path / "page.html", made_results())
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == sweep_page(made_results())
    with pytest.raises(OptionError, match="page: "):
        write_sweep_page(tmp_path / "none" / "page.html", made_results())
