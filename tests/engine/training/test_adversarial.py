"""Training against a critic: who is blamed for what, and a run that is killed and resumed."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from engine import networks
from engine.corruptions import masks
from engine.models import model_card, weights
from engine.models.recipes import Recipe, recipe
from engine.networks.discriminator import COARSE, FINE, MIDDLE, Critic, bands
from engine.networks.position_encoding import coordinates
from engine.problem import Problem
from engine.training import adversarial, loop

TRUTH = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
HIDDEN = masks.box_mask([(20, 22, 14, 11)], 64).float().expand(4, -1, -1, -1)
PAINTED = torch.where(HIDDEN > 0, 0.5, TRUTH)


def told(hidden: torch.Tensor) -> torch.Tensor:
    """What `draft.seen` tells of that hole; the pictures in it do not matter to a critic."""
    place = coordinates(64, 64).expand(len(hidden), -1, -1, -1)
    return torch.cat([torch.rand(len(hidden), 3, 64, 64), hidden, torch.rand(len(hidden), 4, 64, 64), place], dim=1)


SEEN = told(HIDDEN)


@pytest.fixture
def critic() -> Critic:
    torch.manual_seed(0)
    return Critic(8)


def test_patches_touch_the_hole_or_not() -> None:
    touched = adversarial.patches(HIDDEN)[0, 0]
    wanted = torch.zeros(8, 8)
    wanted[2:5, 2:5] = 1  # pixels 22-32 down and 20-33 across, in patches of 8
    assert torch.equal(touched, wanted)


def test_hinge_loss_is_nothing_for_a_critic_that_is_sure_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    touched = adversarial.patches(HIDDEN)
    sure = torch.cat([torch.full_like(touched, 1.5), 1.5 - 3 * touched])
    monkeypatch.setattr(Critic, "forward", lambda self, faces, seen: sure)
    assert adversarial.critic_loss(Critic(8), PAINTED, TRUTH, SEEN) == 0
    monkeypatch.setattr(Critic, "forward", lambda self, faces, seen: -sure)
    share = touched.mean().item()
    wrong = adversarial.critic_loss(Critic(8), PAINTED, TRUTH, SEEN).item()
    assert wrong == pytest.approx(2.5 + 2.5, rel=1e-6) and 0 < share < 1


def test_the_truth_itself_costs_only_what_the_critic_says(critic: Critic) -> None:
    critic.eval()  # spectral norms stand still
    scores, touched = critic(TRUTH, SEEN), adversarial.patches(HIDDEN)
    wanted = -(scores * touched).sum() / touched.sum()
    torch.testing.assert_close(adversarial.painter_loss(critic, TRUTH, TRUTH, SEEN), wanted)
    assert adversarial.painter_loss(critic, PAINTED, TRUTH, SEEN) > wanted


def test_detail_finer_than_a_square_costs_no_pixels(critic: Critic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkerboard has the mean of a flat square, and only the critic can have an opinion about it."""
    monkeypatch.setattr(adversarial, "MATCHING", 0.0)
    critic.eval()
    board = 0.1 * ((torch.arange(64).view(-1, 1) + torch.arange(64)) % 2 * 2 - 1)
    fine, touched = torch.where(HIDDEN > 0, TRUTH + board, TRUTH), adversarial.patches(HIDDEN)
    box = masks.box_mask([(20, 24, 12, 8)], 64).float().expand(4, -1, -1, -1)  # whole squares of 4
    fine = torch.where(box > 0, TRUTH + board, TRUTH)
    scores, touched = critic(fine, told(box)), adversarial.patches(box)
    says = -(scores * touched).sum() / touched.sum()
    blamed = adversarial.painter_loss(critic, fine, TRUTH, told(box))
    torch.testing.assert_close(blamed, says, atol=1e-5, rtol=1e-5)


def test_the_critic_knows_the_place_and_nothing_else_that_the_painter_was_shown(critic: Critic) -> None:
    critic.eval()
    for parameter in critic.position.parameters():
        torch.nn.init.normal_(parameter)
    scores = critic(PAINTED, SEEN)
    assert torch.equal(critic(PAINTED, told(HIDDEN)), scores)  # other drafts, the same mask and places
    elsewhere = SEEN.clone()
    elsewhere[:, 8:] = 1 - SEEN[:, 8:]
    assert not torch.allclose(critic(PAINTED, elsewhere), scores)


def test_the_bands_together_are_the_picture() -> None:
    """Nothing is lost, and what is fine is shown strongest."""
    fine, middle, coarse = bands(TRUTH).chunk(3, dim=1)
    assert FINE > MIDDLE > COARSE
    torch.testing.assert_close(fine / FINE + middle / MIDDLE + coarse / COARSE + 0.5, TRUTH)
    flat = bands(torch.full((1, 3, 64, 64), 0.7))
    torch.testing.assert_close(flat[:, :6], torch.zeros(1, 6, 64, 64))


def test_a_critic_soon_tells_a_blur_from_a_picture() -> None:
    """The fault that a critic may have in silence: it learns nothing, and its painter nothing from it."""
    torch.manual_seed(0)
    network, seen = Critic(8), told(torch.ones(8, 1, 64, 64))
    optimise = torch.optim.Adam(network.parameters(), 1e-3, betas=(0.0, 0.99))
    generator = torch.Generator().manual_seed(1)
    losses = []
    for _ in range(60):
        coarse = torch.rand(8, 3, 16, 16, generator=generator)
        blurred = F.interpolate(coarse, size=64, mode="bilinear") * 0.5 + 0.25
        sharp = blurred + 0.05 * torch.randn(8, 3, 64, 64, generator=generator)
        loss = adversarial.critic_loss(network, blurred, sharp, seen)
        optimise.zero_grad()
        loss.backward()
        optimise.step()
        losses.append(loss.item())
    assert sum(losses[:5]) / 5 > 1.5 and sum(losses[-5:]) / 5 < 0.5


class Few:
    """Eight faces."""

    def __init__(self) -> None:
        self.images = torch.randint(256, (8, 3, 128, 128), generator=torch.Generator().manual_seed(5)).to(torch.uint8)

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, indices: torch.Tensor) -> torch.Tensor:
        return self.images[indices]


@pytest.fixture
def tiny(tmp_path: Path) -> Recipe:
    """The recipe at a hundredth of its size, beginning with fresh weights."""
    sharp = replace(
        recipe("face-unet"),
        loss="adversarial",
        optimiser="adam",
        learning_rate=3e-4,
        schedule="constant, then falling",
        weight_decay=0.0,
        ema=0.998,
        mirror=False,
        options={"channels": [4, 4, 4], "detail": 4},
        batch=4,
        epochs=3,
        start=str(tmp_path),
    )
    start = networks.build("face-unet", {"channels": [4, 4, 4]})
    weights.write(
        tmp_path, model_card.config(sharp, {}, "", "", 0, "cpu") | {"options": {"channels": [4, 4, 4]}}, start
    )
    return sharp


CPU = loop.Place(torch.device("cpu"))


def test_a_killed_run_goes_on_where_it_stopped(tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unbroken = adversarial.train(tiny, Few(), tmp_path / "unbroken", place=CPU, quiet=True)
    run = adversarial.Duel.epoch

    def killed(duel: adversarial.Duel, epoch: int, *rest: object) -> dict[str, float]:
        if epoch == 2:
            raise KeyboardInterrupt
        return run(duel, epoch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(adversarial.Duel, "epoch", killed)
    stopped = adversarial.train(tiny, Few(), tmp_path / "killed", place=CPU, quiet=True)
    assert not stopped.finished and len(stopped.history) == 2
    monkeypatch.setattr(adversarial.Duel, "epoch", run)
    resumed = adversarial.train(tiny, Few(), tmp_path / "killed", place=CPU, resume=True, quiet=True)
    assert resumed.finished and len(resumed.history) == 3
    for one, other in zip(unbroken.network.state_dict().values(), resumed.network.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)


def test_too_few_faces_and_several_processes_are_one_sentence(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="smaller --batch"):
        adversarial.train(replace(tiny, batch=9), Few(), tmp_path / "run", place=CPU, quiet=True)
    with pytest.raises(Problem, match="without torchrun"):
        adversarial.train(tiny, Few(), tmp_path / "run", place=loop.Place(torch.device("cpu"), 0, 2), quiet=True)
