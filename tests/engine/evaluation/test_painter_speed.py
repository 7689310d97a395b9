"""The timing itself: turns, medians, the warm-up that does not count; never how fast this machine is."""

import pytest
import torch

from engine.evaluation import painter_speed


def test_calls_take_turns_and_the_first_round_does_not_count() -> None:
    now, order = [0.0], []

    def call(name: str, *seconds: float) -> None:
        now[0] += seconds[order.count(name)]
        order.append(name)

    calls = {"quick": lambda: call("quick", 90, 1, 3, 2), "slow": lambda: call("slow", 90, 7, 5, 60)}
    assert painter_speed.in_turns(calls, 3, lambda: now[0]) == pytest.approx({"quick": 2000, "slow": 7000})
    assert order == ["quick", "slow"] * 4


def test_every_form_is_timed_with_one_thread_and_with_two() -> None:
    before = torch.get_num_threads()
    found = painter_speed.measure(repeats=1)
    assert 0 < found["share_of_processors"] < 1.1
    assert torch.get_num_threads() == before and found["threads"] == [1, 2]
    forms = (painter_speed.READABLE, painter_speed.FAST, painter_speed.BOTH, painter_speed.SEVERAL)
    assert tuple(found["milliseconds"]) == forms
    assert all(milliseconds > 0 for both in found["milliseconds"].values() for milliseconds in both)


def test_the_table_shows_the_share_of_the_fast_form() -> None:
    took = [(painter_speed.READABLE, [80, 50]), (painter_speed.FAST, [40, 30]), (painter_speed.BOTH, [60, 40])]
    found = {"threads": [1, 2], "milliseconds": dict(took), "repeats": 20, "share_of_processors": 0.97}
    found |= {"hardware": "CPU", "date": "2026-11-26"}
    said = painter_speed.markdown(found)
    assert "| its fast form | 40 ms | 30 ms |\n| fast form over the network as it is read | 0.50 | 0.60 |" in said
    assert "| 1 thread | 2 threads |" in said and "Medians of 20" in said and "had 97% of two" in said


def test_the_forms_paint_the_same() -> None:
    forms = painter_speed.forms()
    readable, fast = forms[painter_speed.READABLE](), forms[painter_speed.FAST]()
    assert isinstance(readable, torch.Tensor) and isinstance(fast, torch.Tensor)
    assert torch.allclose(readable, fast, atol=1e-5)
