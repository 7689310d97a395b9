"""Visitors without a browser: what they draw, which answer they take for whose, and that the app serves them."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from engine.evaluation.serving import load, opens, server, uploads
from engine.evaluation.serving.visitor import Stroke, Visitor
from engine.problem import Problem

FIRST, SECOND, THIRD = load.strokes_of(0, 3)


def machine(visitor: Visitor, shapes: list[Any], waits: bool) -> None:
    """The visitor is sent the machine with these shapes, whose large answer is there, and perhaps the others."""
    methods = [{"name": "painter", "waits": False}, {"name": "telea", "waits": waits}]
    visitor._pad = {"shapes": shapes, "methods": methods}
    visitor._answer("large")
    visitor._take(SimpleNamespace(WhichOneof=lambda _: "script_finished", script_finished=3))


def test_an_answer_is_that_of_the_stroke_whose_shapes_it_shows_and_of_those_it_replaced() -> None:
    visitor = Visitor("nowhere")
    visitor.strokes = [Stroke(shapes, 0.0) for shapes in (FIRST, SECOND, THIRD)]
    machine(visitor, SECOND, waits=True)
    assert [stroke.large is not None for stroke in visitor.strokes] == [True, True, False]
    assert not any(stroke.answered for stroke in visitor.strokes)
    machine(visitor, SECOND, waits=False)
    first, second, third = visitor.strokes
    assert first.answered == second.answered and third.answered is None
    assert [stroke.superseded for stroke in visitor.strokes] == [True, False, False]
    before = second.answered
    machine(visitor, THIRD, waits=False)
    assert third.answered and second.answered == before and not third.superseded


def test_a_visitor_draws_the_same_again_and_nothing_beyond_the_face() -> None:
    drawn = load.strokes_of(4, 50)
    assert drawn == load.strokes_of(4, 50) != load.strokes_of(5, 50)
    for ((left, top, width, height),) in ([shape["box"] for shape in shapes if "box" in shape] for shapes in drawn):
        assert 0 <= left <= left + width <= 128 and 0 <= top <= top + height <= 128


def test_quantiles_of_waits() -> None:
    assert load.quantile([3.0, 1.0, 2.0], 0.5) == 2.0 and load.quantile([float(i) for i in range(100)], 0.95) == 95.0
    assert math.isnan(load.quantile([], 0.5))


def test_two_trees_are_compared_by_their_medians() -> None:
    one = load.Load(**{key: 0 for key in load.WORDS})
    loads = {
        "abc": [replace(one, p50=p50) for p50 in (4.0, 9.0, 3.0)],
        "this tree": [replace(one, p50=p50, pss_after=math.nan) for p50 in (1.0, 2.0, 0.5)],
    }
    said = load.table(loads, visitors=2, seconds=5)
    assert "| stroke to all answers, p50, s | 4 | 1 | 0.25 |" in said and "| failures | 0 | 0 |  |" in said
    assert "2 visitors" in said and "medians of 3 runs taken" in said


def test_a_commit_that_is_none_is_one_sentence() -> None:
    with pytest.raises(Problem, match="give a commit"), server.checkout("no-such-commit"):
        pass


def test_pages_that_did_not_open_are_counted_and_not_averaged() -> None:
    said = opens.sentence([1.0, None, 3.0, 2.0], replicas=2)
    assert said.startswith("4 pages opened within 60 s on 2 replicas: 1 failed") and "p50 2.00 s, p95 3.00 s" in said


@pytest.mark.measure
@pytest.mark.timeout(900)
def test_several_replicas_serve_visitors_and_open_pages() -> None:
    found = load.measure(server.ROOT, visitors=3, seconds=5, memory=False, replicas=2)
    assert not found.failures
    said = opens.measure(10, replicas=2)
    print(said)
    assert ": 0 failed" in said


@pytest.mark.measure
@pytest.mark.timeout(900)
def test_photos_are_sent_and_little_of_them_stays() -> None:
    said = uploads.measure(10)
    print(said)
    assert ", 0 failed" in said


@pytest.mark.measure
@pytest.mark.timeout(900)
def test_the_app_serves_visitors() -> None:
    found = load.measure(server.ROOT, visitors=5, seconds=10, memory=False)
    print(load.table({"this tree": [found]}, 5, 10))
    assert not found.failures and found.p95 < 10
