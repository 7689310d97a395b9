"""Perception: crops hold their holes, the kernel distance by explicit sums, and sets that do and do not differ."""

import pytest
import torch

from engine.corruptions import masks
from engine.evaluation import perception
from engine.networks.vgg_features import VggFeatures


@pytest.mark.parametrize(
    "box", [(50, 60, 28, 28), (33, 49, 62, 20), (-5, 100, 20, 60), (0, 0, 128, 128), (127, 0, 1, 1)]
)
def test_a_crop_holds_its_hole_and_fits_the_network(box: masks.Box) -> None:
    hidden = masks.box_mask([box])[0]
    rows, columns = perception.crop_around(hidden)
    assert hidden[:, rows, columns].sum() == hidden.sum() > 0
    for side in (rows, columns):
        assert 0 <= side.start < side.stop <= 128 and (side.stop - side.start) % 8 == 0


def test_without_a_hole_the_crop_is_the_picture() -> None:
    assert perception.crop_around(torch.zeros(1, 32, 48, dtype=torch.bool)) == (slice(0, 32), slice(0, 48))


def test_kernel_distance_by_explicit_sums(generator: torch.Generator) -> None:
    painted, photographs = torch.randn(2, 6, 3, generator=generator).double()
    scale = photographs.square().mean().sqrt()

    def kernel(one: torch.Tensor, other: torch.Tensor) -> float:
        return ((one / scale * other / scale).sum().item() / 3 + 1) ** 3

    total = 0.0
    for i in range(6):
        for j in range(6):
            if i != j:
                total += kernel(painted[i], painted[j]) + kernel(photographs[i], photographs[j])
                total -= kernel(painted[i], photographs[j]) + kernel(painted[j], photographs[i])
    assert perception.kernel_distance(painted, photographs)[0] == pytest.approx(1000 * total / 30)


def test_its_standard_error_is_how_far_it_scatters() -> None:
    """Over many pairs of sets from one distribution the mean is 0; from two, the error says how far it scatters."""
    same, other = [], []
    for seed in range(200):
        generator = torch.Generator().manual_seed(seed)
        photographs = torch.randn(80, 4, generator=generator)
        same.append(perception.kernel_distance(torch.randn(80, 4, generator=generator), photographs)[0])
        other.append(perception.kernel_distance(torch.randn(80, 4, generator=generator) + 1, photographs))
    scatter = torch.tensor(same)
    assert abs(scatter.mean()) < 3 * scatter.std() / 200**0.5
    found, errors = torch.tensor(other).T
    assert found.min() > scatter.max()
    assert errors.mean().item() == pytest.approx(found.std().item(), rel=0.25)


def test_photographs_are_at_no_distance_from_themselves_and_grey_is_far(generator: torch.Generator) -> None:
    torch.manual_seed(0)
    network = VggFeatures().eval()
    images = torch.rand(3, 3, 32, 32, generator=generator)
    hidden = torch.zeros(3, 1, 32, 32, dtype=torch.bool)
    hidden[:, :, 8:20, 8:20] = True
    painted = {"same": images, "grey": torch.where(hidden, 0.5, images)}
    found = perception.measure_perception(painted, images, hidden, network)
    assert found["same"]["perceptual_distance"] == 0
    rows, columns = perception.crop_around(hidden[0])
    with torch.inference_mode():
        expected = network.distance(painted["grey"][..., rows, columns], images[..., rows, columns]).mean().item()
    assert found["grey"]["perceptual_distance"] == pytest.approx(expected, rel=1e-4) and expected > 0
    assert abs(found["same"]["kernel_distance"]) < 1e-9
