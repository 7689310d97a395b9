"""Small faces of a large photo: they are sought in the directions of its larger ones."""

import numpy as np
import pytest
from PIL import Image

from engine.photos.alignment import find_faces
from engine.photos.framing import Framing
from tests.engine.photos.test_alignment import GALLERY, off, open_image, pasted, quilt


@pytest.mark.parametrize("angle", [0, 90])
def test_faces_too_small_for_the_first_look_are_found_in_the_direction_of_the_large_one(angle: float) -> None:
    astronaut, photo = open_image(GALLERY / "astronaut.png"), Image.fromarray(quilt(3600, 900, 5))
    true = [Framing((900, 450), 600, angle), Framing((2700, 450), 140, angle), Framing((3200, 450), 140, angle)]
    for framing in true:
        photo = pasted(astronaut, framing, np.asarray(photo))
    found = find_faces(photo)
    assert len(found) == len(true)
    assert all(min(off(face.framing, framing) for face in found)[0] < 0.05 * framing.side for framing in true)
