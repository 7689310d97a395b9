"""The painter: it begins at the draft, paints inside the hole only, and its fast form paints the same."""

import time
from statistics import median

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import networks
from engine.corruptions import masks
from engine.models import weights
from engine.networks import layout
from engine.networks.equalised import equalise, fold
from engine.networks.fast_painter import FastPainter, enlarging, spread
from engine.networks.painter import Painter
from engine.problem import Problem

SMALL = {"channels": (4, 6, 8), "code_size": 10, "fine": 3, "size": 32}


def trained(**options: object) -> Painter:
    """A small painter none of whose weights are zero."""
    torch.manual_seed(0)
    network = Painter(**(SMALL | options))  # type: ignore[arg-type]
    for name, values in network.named_parameters():
        if name.endswith("bias") or "colour" in name or "last" in name:
            nn.init.normal_(values, 1.0 if "strengths" in name else 0.0, 0.2)
    return network.eval()


def seen(generator: torch.Generator, count: int = 2, size: int = 32) -> Tensor:
    """Pictures with a hole of three quarters of their width, and the mask."""
    picture = torch.rand(count, 4, size, size, generator=generator)
    picture[:, 3] = 0
    picture[:, 3, size // 4 :, : size * 3 // 4] = 1
    return picture


@pytest.mark.parametrize("training", [False, True])
def test_it_begins_at_the_draft(training: bool, generator: torch.Generator) -> None:
    given = seen(generator)
    assert torch.equal(Painter(**SMALL).train(training)(given), given[:, :3])  # type: ignore[arg-type]


@torch.inference_mode()
def test_it_paints_inside_the_hole_only(generator: torch.Generator) -> None:
    given = seen(generator)
    hole = (given[:, 3:] > 0).expand(-1, 3, -1, -1)
    for network in (trained(), FastPainter(trained())):
        painted = network(given)
        assert painted.shape == (2, 3, 32, 32)
        assert painted.min() >= 0
        assert painted.max() <= 1
        assert torch.equal(painted[~hole], given[:, :3][~hole])
        assert (painted - given[:, :3])[hole].abs().mean() > 0.01


@torch.inference_mode()
def test_a_picture_does_not_depend_on_its_batch(generator: torch.Generator) -> None:
    given = seen(generator, 3)
    for network in (trained(), FastPainter(trained())):
        alone = torch.cat([network(one) for one in given.split(1)])
        torch.testing.assert_close(network(given), alone, atol=1e-5, rtol=0)


def test_every_weight_learns(generator: torch.Generator) -> None:
    network, given = equalise(trained()).train(), seen(generator)
    (network(given) - 0.5).square().sum().backward()
    assert not [name for name, values in network.named_parameters() if not values.grad.abs().sum() > 0]  # type: ignore


@torch.inference_mode()
def test_folding_the_scales_changes_nothing(generator: torch.Generator) -> None:
    network, given = trained(), seen(generator)
    painted, weights = network(given), {name: values.clone() for name, values in network.state_dict().items()}
    equalise(network)
    torch.testing.assert_close(network(given), painted, atol=1e-5, rtol=0)
    assert not torch.allclose(network.look[2].weight, weights["look.2.weight"])  # type: ignore[arg-type]
    fold(network)
    for name, values in network.state_dict().items():
        torch.testing.assert_close(values, weights[name])


@torch.inference_mode()
@pytest.mark.parametrize("equal", [False, True])
def test_the_fast_form_paints_the_same(equal: bool, generator: torch.Generator) -> None:
    network, given = trained(), seen(generator)
    if equal:
        equalise(network)
    fast = FastPainter(network)
    torch.testing.assert_close(fast(given), network(given), atol=1e-5, rtol=0)
    assert torch.equal(fast(given), fast(given))


@torch.inference_mode()
@pytest.mark.parametrize("box", [(0, 0, 9, 5), (41, 51, 47, 22), (97, 3, 31, 125), (66, 70, 1, 1)])
def test_what_is_painted_around_the_hole_alone_is_the_same(box: masks.Box, generator: torch.Generator) -> None:
    network = weights.of_kind(weights.load("face-painter"), Painter)
    given = layout.with_mask(torch.rand(1, 3, 128, 128, generator=generator), masks.box_mask([box]))
    torch.testing.assert_close(FastPainter(network)(given), network(given), atol=1e-4, rtol=0)  # noise: large numbers


def test_enlarging_and_convolving_is_one_transposed_convolution(generator: torch.Generator) -> None:
    features, kernel = torch.randn(2, 3, 5, 7, generator=generator), torch.randn(4, 3, 3, 3, generator=generator)
    wanted = F.conv2d(F.interpolate(features, scale_factor=2.0, mode="nearest"), kernel, padding=1)
    found = spread(features.permute(0, 2, 3, 1) @ enlarging(kernel))
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


@pytest.mark.measure
@torch.inference_mode()
def test_the_fast_form_takes_three_fifths_of_the_time(generator: torch.Generator) -> None:
    readable, given = Painter().eval(), seen(generator, 1, 128)
    fast, seconds = FastPainter(readable), {}
    for _ in range(20):  # in turns: whatever slows the machine slows both
        for network in (readable, fast):
            start = time.perf_counter()
            network(given)
            seconds.setdefault(network, []).append(time.perf_counter() - start)
    assert median(seconds[fast]) <= 0.6 * median(seconds[readable])


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Problem, match="size that 8 divides, not 36"):
        networks.build("painter", SMALL | {"size": 36})
    with pytest.raises(Problem, match="do not fit"):
        networks.build("painter", {"noise": 64})


def test_the_shipped_size_fits_twenty_megabytes() -> None:
    assert networks.count_parameters(Painter()) * 2 < 20_000_000
