"""Training against a critic: who is blamed for what, and a run that is killed and resumed."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from engine import adversarial, corruptions, networks, training, weights
from engine.networks.critic import Critic
from engine.problem import Problem
from engine.recipes import Recipe, recipe

TRUTH = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
HIDDEN = corruptions.box_mask([(20, 22, 14, 11)], 64).float().expand(4, -1, -1, -1)
PAINTED = torch.where(HIDDEN > 0, 0.5, TRUTH)


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
    monkeypatch.setattr(Critic, "forward", lambda self, faces, hidden: sure)
    assert adversarial.critic_loss(Critic(8), PAINTED, TRUTH, HIDDEN) == 0
    monkeypatch.setattr(Critic, "forward", lambda self, faces, hidden: -sure)
    share = touched.mean().item()
    wrong = adversarial.critic_loss(Critic(8), PAINTED, TRUTH, HIDDEN).item()
    assert wrong == pytest.approx(2.5 + 2.5, rel=1e-6) and 0 < share < 1


def test_the_truth_itself_costs_only_what_the_critic_says(critic: Critic) -> None:
    critic.eval()  # spectral norms stand still
    scores, touched = critic(TRUTH, HIDDEN), adversarial.patches(HIDDEN)
    wanted = -(scores * touched).sum() / touched.sum()
    torch.testing.assert_close(adversarial.painter_loss(critic, TRUTH, TRUTH, HIDDEN), wanted)
    assert adversarial.painter_loss(critic, PAINTED, TRUTH, HIDDEN) > wanted


def test_detail_finer_than_a_square_costs_no_pixels(critic: Critic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkerboard has the mean of a flat square, and only the critic can have an opinion about it."""
    monkeypatch.setattr(adversarial, "MATCHING", 0.0)
    critic.eval()
    board = 0.1 * ((torch.arange(64).view(-1, 1) + torch.arange(64)) % 2 * 2 - 1)
    fine, touched = torch.where(HIDDEN > 0, TRUTH + board, TRUTH), adversarial.patches(HIDDEN)
    box = corruptions.box_mask([(20, 24, 12, 8)], 64).float().expand(4, -1, -1, -1)  # whole squares of 4
    fine = torch.where(box > 0, TRUTH + board, TRUTH)
    scores, touched = critic(fine, box), adversarial.patches(box)
    says = -(scores * touched).sum() / touched.sum()
    torch.testing.assert_close(adversarial.painter_loss(critic, fine, TRUTH, box), says, atol=1e-5, rtol=1e-5)


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
        recipe("face-unet-sharp"), options={"channels": [4, 4, 4], "detail": 4}, batch=4, epochs=3, start=str(tmp_path)
    )
    start = networks.build("face-unet", {"channels": [4, 4, 4]})
    sha = weights.save(tmp_path / "model.safetensors", weights.pack(start.state_dict()))
    content = {
        "name": "start",
        "architecture": "face-unet",
        "options": {"channels": [4, 4, 4]},
        "recipe": asdict(sharp),
        "sha256": sha,
    }
    (tmp_path / "config.json").write_text(json.dumps(content))
    return sharp


CPU = training.Place(torch.device("cpu"))


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
        adversarial.train(tiny, Few(), tmp_path / "run", place=training.Place(torch.device("cpu"), 0, 2), quiet=True)
