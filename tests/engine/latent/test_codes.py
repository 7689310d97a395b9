"""Codes and their projections against plain linear algebra, and against Hinton and Salakhutdinov's figure."""

import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.datasets import mnist
from engine.latent.codes import extent, nearest, nearest_neighbour_accuracy, pack_points, principal_components


@pytest.mark.slow
def test_thirty_components_of_mnist_leave_what_the_paper_says(shared_data: Path) -> None:
    """Hinton and Salakhutdinov, Science 313 (2006): PCA with 30 numbers leaves 13.87 squared error a test digit."""
    train, test = (
        mnist.load(shared_data / "mnist.npz", half).images.flatten(1).float() / 255 for half in ("train", "test")
    )
    found = principal_components(train, 30)
    left = (found.lift(found.project(test)) - test).square().sum(1).mean()
    assert left.item() == pytest.approx(13.87, abs=0.12)


def test_components_are_those_of_the_covariance(generator: torch.Generator) -> None:
    codes = torch.randn(500, 6, generator=generator) * torch.tensor([1.0, 5.0, 0.1, 3.0, 2.0, 0.5]) + 7
    found = principal_components(codes, 3)
    values, vectors = np.linalg.eigh(np.cov(codes.double().numpy().T))
    assert torch.allclose(found.axes @ found.axes.T, torch.eye(3), atol=1e-5)
    for axis, vector in zip(found.axes.numpy(), vectors.T[::-1], strict=False):
        assert abs(float(axis @ vector)) == pytest.approx(1, abs=1e-4)
        assert axis[np.abs(axis).argmax()] > 0  # so that the same codes give the same map
    variances = found.project(codes).var(0)
    assert variances.tolist() == pytest.approx(values[::-1][:3].tolist(), rel=1e-4)


def test_lifting_is_the_nearest_point_of_the_plane(generator: torch.Generator) -> None:
    codes = torch.randn(100, 5, generator=generator)
    found = principal_components(codes, 2)
    flat = found.lift(found.project(codes))
    assert torch.allclose(found.project(flat), found.project(codes), atol=1e-5)
    assert ((codes - flat) @ found.axes.T).abs().max() < 1e-5  # what is left stands upright on the plane
    everything = principal_components(codes, 5)
    assert torch.allclose(everything.lift(everything.project(codes)), codes, atol=1e-5)


def test_the_sign_of_an_axis_does_not_depend_on_the_order(generator: torch.Generator) -> None:
    codes = torch.randn(200, 4, generator=generator)
    one, other = principal_components(codes), principal_components(codes.flip(0))
    assert torch.allclose(one.axes, other.axes, atol=1e-4)


def test_nearest_by_brute_force(generator: torch.Generator) -> None:
    codes, asked = torch.randn(300, 7, generator=generator), torch.randn(40, 7, generator=generator)
    distances, indices = nearest(asked, codes, 4)
    all_distances = np.linalg.norm(asked.double().numpy()[:, None] - codes.double().numpy()[None], axis=2)
    assert np.array_equal(indices.numpy(), all_distances.argsort(1)[:, :4])
    assert np.allclose(distances.numpy(), np.sort(all_distances, 1)[:, :4], atol=1e-5)


def test_near_neighbours_are_told_apart_far_from_the_origin() -> None:
    """The short cut |a|^2 + |b|^2 - 2ab would call these all the same."""
    codes = torch.tensor([1000.0, 1000.0]) + torch.arange(100.0).view(-1, 1) * torch.tensor([0.01, 0.0])
    distances, indices = nearest(codes[50:51] + torch.tensor([[0.002, 0.0]]), codes, 2)
    assert indices.tolist() == [[50, 51]]
    assert distances[0].tolist() == pytest.approx([0.002, 0.008], abs=2e-4)


def test_neighbours_vote_for_the_class() -> None:
    """Two far clouds of two classes: everyone is surrounded by their own, and one who is not is guessed wrong."""
    codes = torch.cat([torch.zeros(30, 2), torch.full((30, 2), 9.0)]) + torch.arange(60).view(-1, 1) * 1e-3
    labels = torch.tensor([3] * 30 + [8] * 30)
    assert nearest_neighbour_accuracy(codes, labels) == 1
    labels[4] = 8
    assert nearest_neighbour_accuracy(codes, labels) == pytest.approx(59 / 60)


@pytest.mark.parametrize("classes", [None, torch.tensor([3, 0, 9])])
def test_a_point_file_unpacks_as_the_map_reads_it(classes: torch.Tensor | None) -> None:
    points = torch.tensor([[0.5, -1.25], [3.0, 4.0], [-7.5, 1e-3]])
    content = pack_points(points, classes)
    assert len(content) == 4 + 3 * 8 + 3
    assert struct.unpack_from("<I", content) == (3,)
    assert struct.unpack_from("<6f", content, 4) == pytest.approx(points.flatten().tolist())
    assert list(content[28:]) == ([0, 0, 0] if classes is None else [3, 0, 9])


def test_the_frame_of_a_map_is_a_square_around_all_points(generator: torch.Generator) -> None:
    points = torch.randn(50, 2, generator=generator) * torch.tensor([4.0, 1.0])
    left, right, bottom, top = extent(points)
    assert right - left == pytest.approx(top - bottom, rel=1e-5)
    for axis, (low, high) in enumerate(((left, right), (bottom, top))):
        assert low < points[:, axis].min() and points[:, axis].max() < high
    assert right - left == pytest.approx(1.12 * float(points[:, 0].max() - points[:, 0].min()), rel=1e-4)
