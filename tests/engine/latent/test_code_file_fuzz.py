"""Damaged files of digits and codes: `load` gives points or a Problem, and never anything else."""

import io
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from engine.latent import code_file
from engine.problem import Problem
from tests.engine.test_images_fuzz import wounded, wounds

DRAW = np.random.default_rng(0)
CODES = DRAW.normal(size=(9, 2))
PIXELS = DRAW.integers(0, 256, (3, 28, 28), dtype=np.uint8)


def npz(packed: bool, **arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays) if packed else np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


SOUND = {
    "codes.npz": npz(False, codes=CODES, labels=np.arange(9)),
    "codes, packed.npz": npz(True, codes=CODES),
    "digits.npz": npz(True, images=PIXELS, labels=np.arange(3)),
    "codes.npy": npy(CODES),
    "codes.csv": ("z1,z2,label\n" + "\n".join(f"{x:.3f},{y:.3f},3" for x, y in CODES)).encode(),
    "europe.csv": "\n".join(f"{x:.3f};{y:.3f}".replace(".", ",") for x, y in CODES).encode(),
    "excel.csv": "\n".join(f"{x:.3f}\t{y:.3f}" for x, y in CODES).encode("utf-16"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_damaged_file_gives_points_or_a_problem(name: str) -> None:
    outcomes: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's and numpy's, about what is being done to it here

        # Reading takes a millisecond; the deadline is for one that never ends, on a busy machine.
        @settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow], database=None)
        @given(wounds)
        def check(wounds: list[tuple[str, float, int]]) -> None:
            try:
                points = code_file.load("a file", wounded(SOUND[name], wounds))
            except Problem as problem:
                outcomes.add("problem")
                assert "\n" not in str(problem)
                return
            outcomes.add("points")
            assert len(points) and bool(points.values.isfinite().all())
            assert points.labels is None or len(points.labels) == len(points)

        check()
    assert outcomes == {"points", "problem"}, "or the wounds are too light or too deep to tell anything"
