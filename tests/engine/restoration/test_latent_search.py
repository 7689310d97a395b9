"""The search gets closer to what is visible, can be stopped, and survives pictures that tell it nothing."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.corruptions import masks
from engine.datasets import faces
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import latent_search

HOLE = masks.box_mask([(50, 60, 28, 28)])


@pytest.fixture
def given() -> Tensor:
    return masks.hide(gallery.gallery()["astronaut"].image, HOLE)


def test_it_starts_at_the_encoders_answer_and_gets_closer_to_the_visible_part(
    given: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As near as any code can get, where nothing holds it to probable ones."""
    monkeypatch.setattr(latent_search, "PULL", 0.0)
    steps = list(latent_search.search(given, HOLE, steps=8))
    assert [step.number for step in steps] == list(range(9))
    with torch.inference_mode():
        assert torch.allclose(steps[0].reconstruction, weights.shared("face-autoencoder")(given), atol=1e-3)
    for step in steps:
        error = (step.reconstruction - given).square().masked_select(~HOLE).mean().item()
        assert step.loss == pytest.approx(error, rel=1e-4)
    assert steps[-1].loss < 0.95 * steps[0].loss


def test_it_computes_only_what_is_asked_for(given: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    decode = Autoencoder.decode
    monkeypatch.setattr(Autoencoder, "decode", lambda self, codes: asked.append(len(codes)) or decode(self, codes))
    for step in latent_search.search(given, HOLE, steps=1000):
        if step.number == 2:
            break
    assert len(asked) == 3


def test_it_leaves_the_callers_mode_and_the_shared_network_alone(given: Tensor) -> None:
    before = {key: value.clone() for key, value in weights.shared("face-autoencoder").state_dict().items()}
    with torch.inference_mode():
        for step in latent_search.search(given, HOLE, steps=2):
            assert torch.is_inference_mode_enabled() and not step.reconstruction.requires_grad
    assert not torch.is_inference_mode_enabled() and torch.is_grad_enabled()
    network = weights.shared("face-autoencoder")
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


@pytest.mark.parametrize("shade", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("hidden", [HOLE, torch.ones_like(HOLE), torch.zeros_like(HOLE)], ids=["box", "all", "none"])
def test_a_constant_picture_is_searched_without_harm(shade: float, hidden: Tensor) -> None:
    steps = list(latent_search.search(torch.full((1, 3, 128, 128), shade).masked_fill(hidden, 0), hidden, steps=5))
    for step in steps:
        assert step.reconstruction.isfinite().all() and 0 <= step.loss < 1
        assert step.reconstruction.min() >= 0 and step.reconstruction.max() <= 1
    if hidden.all():
        assert all(step.loss == 0 for step in steps)


def test_a_large_hole_is_filled_with_a_probable_face(shared_data: Path) -> None:
    """Where the encoder takes the black box for a part of the face."""
    files = faces.FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    images, hidden = files.batch(torch.arange(0, 438, 80)).float() / 255, masks.box_mask([(32, 32, 64, 64)])
    first, *_, last = latent_search.search(masks.hide(images, hidden), hidden)
    before, after = (metrics.hole_mse(step.reconstruction, images, hidden).mean() for step in (first, last))
    assert metrics.psnr(after) > metrics.psnr(before) + 4


def test_it_needs_the_known_codes(monkeypatch: pytest.MonkeyPatch, given: Tensor) -> None:
    def gone(*_: str) -> None:
        raise Problem("The codes are missing.")

    latent_search._prior.cache_clear()
    monkeypatch.setattr(weights, "companion", gone)
    with pytest.raises(Problem, match="codes are missing"):
        next(latent_search.search(given, HOLE))
