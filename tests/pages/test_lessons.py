"""The two lessons made of measured curves, without a browser: what can be chosen, and what is said when it is gone."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.training import article_runs, pretraining
from tests.pages.opened_page import open_page

ARTICLE, START = "The article's seven runs", "A better start"


def open_lesson(lesson: str) -> AppTest:
    return open_page("lessons", lesson=lesson)


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


@pytest.mark.parametrize(("lesson", "module"), [(ARTICLE, article_runs), (START, pretraining)])
def test_missing_curves_cost_one_sentence(
    lesson: str, module: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "nothing.json")
    page = open_lesson(lesson)
    assert not page.exception and len(page.error) == 1
    assert "git checkout" in page.error[0].value
    assert page.header[0].value == "What to try"  # the rest of the page stands
