"""`benchmark typical`: the area under the curve by counting, pictures of every kind, and the table in the documents."""

import re

import pytest
import torch

from engine.datasets.faces import SIZE
from engine.evaluation import no_faces, typical_benchmark
from engine.latent import typicality
from tests.conftest import ROOT


def test_the_area_is_the_share_of_pairs() -> None:
    strange, usual = torch.tensor([3.0, 1.0]), torch.tensor([0.0, 1.0, 2.0, 5.0])
    assert typical_benchmark.area_under_curve(strange, usual) == pytest.approx((3 + 1.5) / 8)


@pytest.mark.parametrize("kind", list(no_faces.KINDS))
def test_every_kind_has_pictures_that_differ_and_come_again(kind: str) -> None:
    made = no_faces.make(kind, 8)
    assert made.shape == (8, 3, SIZE, SIZE) and made.min() >= 0 and made.max() <= 1
    assert len({one.numpy().tobytes() for one in made}) == 8
    assert torch.equal(made, no_faces.make(kind, 8)) and not torch.equal(made[4:], no_faces.make(kind, 8, seed=1)[4:])


def test_the_table_has_the_worst_kind_first_and_the_mean() -> None:
    limit = typicality.faces().limit.item()
    kinds = {"easy": torch.tensor([limit + 1, limit + 2]), "hard": torch.tensor([limit - 1, limit + 3])}
    faces = {"test faces": torch.tensor([limit - 2, limit - 0.5]), "one": torch.tensor([limit + 1])}
    rows = [
        [cell.strip() for cell in row.split("|")[1:-1]]
        for row in typical_benchmark.markdown(kinds, faces, 0).split("\n")
    ]
    assert rows[2] == ["hard", "2", "0.750", "50.0 %"] and rows[3] == ["easy", "2", "1.000", "100.0 %"]
    assert rows[4][2] == "**0.875**"
    assert rows[5][3] == "0.0 %" and rows[6][3] == "100.0 %"


def test_the_documents_tell_what_was_wanted() -> None:
    """The worst kind at least 0.9, the mean 0.97; at most 5 % of test faces and portraits, and neither photograph."""
    text = (ROOT / "docs" / "results.md").read_text("utf-8")
    table = text.split("<!-- benchmark typical -->")[1].split("<!-- /benchmark typical -->")[0]
    rows = {
        cells[0]: cells for row in table.splitlines() if len(cells := [c.strip() for c in row.split("|")[1:-1]]) == 4
    }
    kinds = [*no_faces.KINDS, typical_benchmark.UPSIDE_DOWN]
    assert all(int(rows[kind][1]) >= 40 and float(rows[kind][2]) >= 0.9 for kind in kinds)
    mean = sum(float(rows[kind][2]) for kind in kinds) / len(kinds)
    assert mean >= 0.97 and abs(float(rows["**mean of the kinds**"][2].strip("*")) - mean) < 0.001
    wrong = {name: float(re.sub("[ %]", "", rows[name][3])) for name in ("test faces", "portraits that ship")}
    assert max(wrong.values()) <= 5
    assert rows["Eileen Collins"][3] == rows["Grace Hopper"][3] == "0.0 %"


def test_what_is_drawn_is_less_typical_than_faces() -> None:
    for kind in ("flat colours", "noise", "cartoons"):
        scores = typicality.scores_of(no_faces.make(kind, 8))
        assert typical_benchmark.area_under_curve(scores, typicality.usual()) > 0.9, kind
