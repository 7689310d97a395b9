"""The dials: effects against least squares and against what was put in, and what ships does what its names say."""

import json
from pathlib import Path

import pytest
import torch

from engine.__main__ import main
from engine.latent import dials, maps
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from engine.problem import Problem


def test_without_shrinkage_effects_are_those_of_least_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(-1, 2, (60, 3), generator=generator).double()
    codes = labels @ torch.randn(3, 10, generator=generator).double() + torch.randn(60, 10, generator=generator)
    monkeypatch.setattr(dials, "RIDGE", 0.0)
    found = dials.label_effects(labels, codes, torch.ones(10).double(), torch.full((3,), 1e12).double())
    with_mean = torch.cat([labels, torch.ones(60, 1)], 1)
    expected = torch.linalg.lstsq(with_mean, codes).solution[:3]
    assert torch.allclose(found, expected, atol=1e-6)


def test_what_is_uncertain_is_shrunk() -> None:
    effects = torch.tensor([4.0, 4.0, 4.0])
    assert torch.allclose(
        dials.shrunk(effects, torch.tensor([0.0, 2.0, 6.0]), torch.tensor(2.0)), torch.tensor([4.0, 2.0, 1.0])
    )


def made_up(count: int = 300) -> tuple[torch.Tensor, torch.Tensor, list[str], dict[str, list[str]], torch.Tensor]:
    """Codes in which a smile is a known direction and a mirror turns another one round."""
    generator = torch.Generator().manual_seed(0)
    smile, turn = torch.linalg.qr(torch.randn(300, 2, generator=generator)).Q.T * 20
    smiles, turns = torch.randint(0, 2, (2, count), generator=generator) * 2 - 1
    rest = 3 * torch.randn(count, 300, generator=generator)
    codes = rest + smiles.unsqueeze(1) * smile + turns.unsqueeze(1) * turn
    names = [f"train/set/{number}.webp" for number in range(count)]

    def named(which: torch.Tensor) -> list[str]:
        return [str(number) for number in which.nonzero().flatten().tolist()]

    labels = {
        label: named(torch.rand(count, generator=generator) > 0.8)
        for up, down, _ in (*dials.LABELLED.values(), dials.TURN)
        for label in (up, down)
        if label
    }
    labels |= {"smile": named(smiles > 0), "serious": named(smiles < 0), "right": named(turns > 0)}
    labels |= {"left": named(turns < 0), dials.LOOKED_AT: [str(number) for number in range(count)]}
    return codes, codes - 2 * turns.unsqueeze(1) * turn, names, labels, torch.stack([smile, turn])


def test_a_direction_that_was_put_in_is_found() -> None:
    codes, mirrored, names, labels, expected = made_up()
    found = dials.find_directions(codes, mirrored, names, labels)
    for name, direction in zip(("smile", "turn"), expected, strict=True):
        one = found.directions[dials.NAMES.index(name)]
        assert torch.cosine_similarity(one, direction, dim=0) > 0.95, name
    places = found.places(codes)
    assert places.std(0) == pytest.approx([1.0] * 8, abs=0.01)
    moved = found.turned(codes[:1], [0.0, 0.0, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert (found.places(moved) - places[:1])[0, 2].item() == pytest.approx(1.5, abs=1e-2)


def test_labels_of_other_faces_are_refused() -> None:
    codes, mirrored, names, labels, _ = made_up()
    with pytest.raises(Problem, match="at least 100"):
        dials.find_directions(codes, mirrored, [f"x{name.split('/')[-1]}" for name in names], labels)


@pytest.mark.parametrize("content", ["", "[1]", '{"smile": 3}', '{"smile": ["a"]}'])
def test_a_file_of_labels_that_is_none(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "labels.json"
    file.write_text(content)
    with pytest.raises(Problem, match=r"labels\.json"):
        dials.read_labels(file)
    assert main(["data", "dials", "--data", str(gallery.GALLERY), "--labels", str(file)]) == 2
    assert "labels.json" in capsys.readouterr().err


def test_the_command_asks_for_labels(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "dials", "--data", str(gallery.GALLERY)]) == 2
    assert "--labels" in capsys.readouterr().err


def test_what_ships_has_its_counts_and_no_names() -> None:
    said = json.loads((weights.folder(dials.MODEL) / "dials.json").read_text())
    assert said["labelled by eye"][dials.LOOKED_AT] >= 200
    assert all(type(count) is int for count in said["labelled by eye"].values())
    low, high = dials.usual().T
    places = dials.dials().places(maps.face_codes())
    assert ((places >= low) & (places <= high)).float().mean(0) == pytest.approx([0.95] * 8, abs=0.01)
    assert (low > -3).all() and (low < -1).all() and (high > 1).all() and (high < 3).all()


def test_the_names_are_seen_in_the_pictures() -> None:
    """What can be told by counting pixels: background, light and hair get brighter where they lie in a face."""
    code, known = dials.dials().mean.unsqueeze(0), dials.dials()
    where = {
        "background": (slice(0, 20), slice(0, 12)),
        "light": (slice(60, 90), slice(50, 78)),
        "hair": (slice(6, 18), slice(50, 78)),
    }
    with torch.inference_mode():
        for name, (rows, columns) in where.items():
            step = torch.eye(8)[dials.NAMES.index(name)] * 2
            codes = torch.cat([known.turned(code, (-step).tolist()), known.turned(code, step.tolist())])
            down, up = weights.shared(dials.MODEL, Autoencoder).decode(codes)[:, :, rows, columns].mean((1, 2, 3))
            assert up > down + 0.03, name


def test_one_number_alone_moves_no_other() -> None:
    code = dials.dials().mean.unsqueeze(0)
    moved = dials.deviations(dials.dials().turned(code, [0.0] * 8, 137, 2.0)) - dials.deviations(code)
    assert moved[0, 136].item() == pytest.approx(2.0, abs=1e-3)
    assert moved[0].abs().sum().item() == pytest.approx(2.0, abs=1e-3)
