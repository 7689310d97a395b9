"""The lessons without a browser: every step is walked, and what the measured curves say when they are gone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from engine.corruptions import masks
from engine.networks import transposed_convolution
from engine.photos import gallery
from engine.restoration import mean_of_answers, methods
from engine.training import article_runs, digit_grid, live, pretraining
from pages.lessons import deconvolution, plane
from pages.lessons.path import OPTIONS, PLACES, Place
from pages.parts.say import say
from tests.pages.opened_page import open_page

ARTICLE, START, SIZES = Place(7, 3), Place(6, 1), Place(2, 1)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the question was last given. A button stands for each option, and one for either way."""
    given: dict[str, Any] = {}

    def mount(data: dict[str, Any], key: str, **on_change: Callable[[], None]) -> None:
        def say(name: str, value: Any) -> None:
            streamlit.session_state[key] = {name: value}
            on_change[f"on_{name}_change"]()

        given.clear()
        given.update(data)
        for option in range(len(data["question"]["options"])):
            streamlit.button(str(option), key=f"option {option}", on_click=say, args=["answer", option])
        for way in ("before", "after"):
            streamlit.button(way, key=way, on_click=say, args=["go", data[way]["to"]])

    monkeypatch.setattr("pages.components.lesson_question.lesson_question._mount", mount)
    return given


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept ready for a training that no test starts."""
    monkeypatch.setattr(live.LINE, "warm", lambda: None)


def open_lesson(place: Place, **query: str) -> AppTest:
    return open_page("lessons", **{"lesson": str(place.lesson), "step": str(place.step), **query})


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_step_shows_its_exhibit_and_its_code_runs(place: Place, asked: dict[str, Any]) -> None:
    page = open_lesson(place)
    assert not page.exception and not page.error and not page.info or place == Place(3, 2)
    assert page.title[0].value == say(f"lesson.{place}.claim")
    exec(page.code[-1].value, {})
    question = asked["question"]
    assert question["answer"] == place.here.answer and len(question["options"]) == OPTIONS
    said = [question["text"], *question["options"], *question["checks"]]
    assert all(said) and not [text for text in said if "{" in text or "–" in text]  # every figure is there


def test_the_path_is_walked_from_the_first_step_to_the_last_and_back(asked: dict[str, Any]) -> None:
    page = open_lesson(PLACES[0])
    for way, others in (("after", PLACES[1:]), ("before", PLACES[-2::-1])):
        for place in others:
            page.button(key=way).click().run()
            assert not page.exception and page.title[0].value == say(f"lesson.{place}.claim")
            assert page.query_params["lesson"] == str(place.lesson) and page.query_params["step"] == str(place.step)


def test_answers_are_kept_and_a_lesson_is_done_when_all_are_right(asked: dict[str, Any]) -> None:
    page = open_lesson(Place(4, 1))
    page.button(key="option 2").click().run()
    page.button(key="option 0").click().run()
    assert not page.session_state["LessonsState"].is_done(4)
    page.button(key="after").click().run()
    page.button(key="option 1").click().run()
    assert page.session_state["LessonsState"].is_done(4)
    page.button(key="before").click().run()
    assert asked["tried"] == [2, 0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"lesson": "77"}, "lesson = “77”"),
        ({"lesson": "Pooling and the way back"}, "lesson = “Pooling and the way back”"),
        ({"step": "9"}, "step = “9”"),
        ({"step": "nan"}, "step = “nan”"),
        ({"step": "1.5"}, "step = “1.5”"),
        ({"step": "two"}, "step = “two”"),
        ({"for": "pupils"}, "for = “pupils”"),
    ],
)
def test_a_broken_address_is_one_sentence_and_a_step_all_the_same(
    query: dict[str, str], said: str, asked: dict[str, Any]
) -> None:
    page = open_lesson(Place(4, 1), **query)
    assert not page.exception and not page.error
    assert [said in info.value for info in page.info] == [True]
    assert asked["question"]["options"]


def test_another_language_is_asked_for_and_stays(asked: dict[str, Any]) -> None:
    page = open_lesson(Place(5, 1), lang="zh-TW")
    assert "棋盤格" in page.title[0].value and "步幅" in asked["question"]["text"]
    del page.query_params["lang"]
    page.button(key="after").click().run()
    assert "更好的起點" in page.title[0].value


def test_the_article_s_figures_stand_beside_ours() -> None:
    page = open_lesson(ARTICLE)
    table = next(text.value for text in page.markdown if text.value.startswith("| epochs"))
    ours = article_runs.read_runs()["runs"]
    assert table.count("\n") == 1 + len(article_runs.RUNS)
    for run, row in zip(ours, table.splitlines()[2:], strict=True):
        assert f"| {run['article']['loss']:.4f} | {run['ours']['loss']:.4f} |" in row
    assert any(f"{run['faces']:,} faces" in text.value for text in page.markdown for run in [article_runs.read_runs()])


def test_every_run_and_curve_can_be_chosen() -> None:
    page = open_lesson(ARTICLE)
    page.button_group(key="article runs").set_value([run.name for run in article_runs.RUNS]).run()
    for curve in article_runs.CURVES:
        page.selectbox(key="article curve").set_value(curve).run()
        assert not page.exception and not page.error
        assert page.toggle(key="article log").disabled == (curve in ("agreement", "hole_psnr"))


def test_no_run_is_said() -> None:
    page = open_lesson(ARTICLE)
    page.button_group(key="article runs").set_value([]).run()
    assert not page.exception and any("No run is chosen" in info.value for info in page.info)


@pytest.mark.parametrize("labels", pretraining.LABELS)
def test_every_number_of_labels_can_be_chosen(labels: int) -> None:
    page = open_lesson(START)
    page.select_slider(key="labels").set_value(labels).run()
    page.button_group(key="optimiser").set_value("Adam").run()
    assert not page.exception and not page.error
    assert f'"Adam", {labels})' in page.code[-1].value


@pytest.mark.parametrize(
    ("lesson", "module"), [(ARTICLE, article_runs), (START, pretraining), (SIZES, digit_grid)], ids=str
)
def test_missing_curves_cost_one_sentence(
    lesson: Place, module: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "nothing.json")
    page = open_lesson(lesson)
    assert not page.exception and len(page.error) == 1
    assert "git checkout" in page.error[0].value
    assert asked["question"]["options"]  # the rest of the page stands


class Fake(live.Run):
    """A run that never had a process."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[live.Run]:
    runs: list[live.Run] = []

    def start(settings: live.Settings) -> live.Run:
        runs.append(Fake(settings))
        runs[-1].hear({"kind": "point", "epoch": 0, "error": 0.2})
        return runs[-1]

    monkeypatch.setattr(live, "start", start)
    return runs


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("rate", "0", "above zero"),
        ("rate", "nan", "above zero"),
        ("rate", "fast", "above zero"),
        ("rate", "-1", "above zero"),
        ("rate", "1e999", "above zero"),
        ("train batch", 9000, "cannot be filled"),
        ("train size", 0, "numbers, not 0"),
        ("train epochs", 0, "epochs can be watched"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    key: str, value: Any, said: str, asked: dict[str, Any], started: list[live.Run]
) -> None:
    page = open_lesson(Place(9, 1))
    if isinstance(value, str):
        page.text_input(key=key).set_value(value).run()
    else:
        page.number_input(key=key).set_value(value).run()
    page.button(key="train").click().run()
    assert not page.exception and not started
    assert [said in error.value for error in page.error] == [True]


def test_a_visitor_has_one_run_and_a_stopped_one_keeps_its_curve(
    asked: dict[str, Any], started: list[live.Run]
) -> None:
    page = open_lesson(Place(9, 1))
    page.text_input(key="rate").set_value("0,05").run()
    page.button(key="train").click().run()
    assert [run.settings.learning_rate for run in started] == [0.05]
    assert page.button(key="train").disabled
    page.button(key="stop training").click().run()
    assert started[0].ended and started[0].points == [(0, 0.2)]
    assert any("curve stays" in info.value for info in page.info)
    for _ in range(2):
        page.button(key="train").click().run()
        page.button(key="stop training").click().run()
    assert [*page.session_state["Trainings"].runs] == ["B", "C"]  # two are overlaid


def test_two_trainings_at_once_are_one(asked: dict[str, Any], started: list[live.Run]) -> None:
    """However the second one is asked for: two taps before the button is grey reach the server as two clicks."""
    page = open_lesson(Place(9, 1))
    page.button(key="train").click().run()
    page.button(key="train").proto.disabled = False  # as it was when the second tap was made
    page.button(key="train").click().run()
    assert len(started) == 1 and not page.exception


def test_a_run_that_went_astray_says_so_and_keeps_its_curve(asked: dict[str, Any], started: list[live.Run]) -> None:
    page = open_lesson(Place(9, 1))
    page.text_input(key="rate").set_value("1e9").run()
    page.button(key="train").click().run()
    assert started[0].settings.learning_rate == 1e9
    started[0].hear({"kind": "stopped", "why": "Too long, by {much}.", "values": {"much": "far"}})
    page.run()
    assert started[0].points and [info.value for info in page.info] == ["Too long, by far."]


def test_what_can_be_taken_home_comes_with_the_end(asked: dict[str, Any], started: list[live.Run]) -> None:
    page = open_lesson(Place(9, 1))
    page.button(key="train").click().run()
    assert not page.get("download_button")  # elements that AppTest has no class for: their message says their name
    started[0].hear({"kind": "done", "weights": "AAAA"})
    page.run()
    assert [button.proto.label for button in page.get("download_button")] == ["Weights", "Script", "Notebook"]


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 2, 0), (4, 2, 1), (2, 3, 0)])
def test_what_is_played_ends_with_the_whole_answer(kernel: int, stride: int, padding: int) -> None:
    """Nine stamps one after the other: each adds its own, and the last leaves what torch makes of the picture."""
    picture, ones = torch.ones(3, 3), torch.ones(kernel, kernel)
    laid = transposed_convolution.stamps(picture, ones, stride, padding)
    played = deconvolution.frames(laid)
    expected = F.conv_transpose2d(picture[None, None], ones[None, None], stride=stride, padding=padding)[0, 0]
    assert [frame.chosen for frame in played] == [(row, column) for row in range(3) for column in range(3)]
    assert torch.equal(torch.tensor(played[-1].rows), expected)
    for before, frame in zip(played, played[1:], strict=False):
        added = torch.tensor(frame.rows) - torch.tensor(before.rows)
        assert added.nonzero().tolist() == [list(at) for at in frame.lit]


def test_the_plane_is_live_for_the_visitor_s_own_mask(asked: dict[str, Any]) -> None:
    """On the face and mask of the page of faces, with the figures of the engine; nothing hidden is said."""
    page = open_lesson(Place(7, 2))
    page.button_group(key=plane.KEY).set_value(plane.YOURS).run()
    assert not page.exception and not page.error and not page.info
    exec(page.code[-1].value, {})
    face, shapes = next(iter(gallery.gallery().values())), page.session_state["FacesState"].drawn
    hidden = masks.shape_mask(shapes)
    found = {point.method: (point.closeness, point.other) for point in plane.on_this(face, shapes)}
    expected = methods.restore(face.image, hidden, "telea").reconstruction
    assert found[say("lesson.method.telea")] == pytest.approx(mean_of_answers.place(expected, face.image, hidden))
    assert len(found) == len(plane.LIVE)
    painted = replace(face, photograph=False)  # what has painted it knows it
    assert say("lesson.method.face-painter") not in {point.method for point in plane.on_this(painted, shapes)}
    page.session_state["FacesState"].drawn = []
    page.run()
    assert not page.exception and [say("lesson.plane.nothing") == info.value for info in page.info] == [True]
