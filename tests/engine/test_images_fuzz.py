"""Damaged real files: the gate gives a picture or a Problem, and never anything else."""

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.images import open_image
from engine.problem import Problem
from tests.bad_files import adobe_rgb, exif, frames, heic, saved, scene

TEXTURED = Image.effect_noise((40, 32), 60).convert("RGB")  # so that most bytes of the file matter
SOUND = {
    "JPEG": saved(TEXTURED, "JPEG", exif=exif(6, place=True), icc_profile=adobe_rgb()),
    "progressive JPEG": saved(TEXTURED, "JPEG", progressive=True),
    "CMYK JPEG": saved(TEXTURED.convert("CMYK"), "JPEG"),
    "MPO": saved(TEXTURED, "MPO", save_all=True, append_images=[TEXTURED]),
    "PNG": saved(TEXTURED.convert("RGBA"), "PNG", exif=exif(5), icc_profile=adobe_rgb()),
    "palette PNG": saved(scene().quantize(4), "PNG", transparency=1),
    "animated PNG": frames("PNG"),
    "WebP": saved(TEXTURED, "WEBP", exif=exif(3)),
    "animated WebP": frames("WEBP"),
    "HEIC": heic(TEXTURED, 8),
}

places = st.floats(0, 1, exclude_max=True)
wounds = st.lists(  # where, as a share of the file, and what
    st.one_of(
        st.tuples(st.just("set"), places, st.integers(0, 255)),
        st.tuples(st.just("cut"), places, st.just(0)),
        st.tuples(st.just("drop"), places, st.integers(1, 40)),
        st.tuples(st.just("double"), places, st.integers(1, 40)),
        st.tuples(st.just("number"), places, st.sampled_from([0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])),
    ),
    min_size=1,
    max_size=6,
)


def wounded(content: bytes, wounds: list[tuple[str, float, int]]) -> bytes:
    for kind, place, value in wounds:
        at = int(place * len(content))
        if kind == "set":
            content = content[:at] + bytes([value]) + content[at + 1 :]
        elif kind == "cut":
            content = content[:at]
        elif kind == "drop":
            content = content[:at] + content[at + value :]
        elif kind == "double":
            content = content[: at + value] + content[at:]
        else:  # a length or a size, as most formats store them
            content = content[:at] + value.to_bytes(4, "big") + content[at + 4 :]
    return content


@pytest.mark.parametrize("name", SOUND)
def test_a_damaged_file_gives_a_picture_or_a_problem(name: str) -> None:
    outcomes: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, about what is being done to it here

        # Decoding takes a millisecond; the deadline is for one that never ends, on a busy machine.
        @settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow], database=None)
        @given(wounds)
        def check(wounds: list[tuple[str, float, int]]) -> None:
            try:
                picture = open_image(wounded(SOUND[name], wounds))
            except Problem:
                outcomes.add("problem")
                return
            outcomes.add("picture")
            assert picture.mode == "RGB" and min(picture.size) >= 8 and picture.width * picture.height <= 32e6
            picture.getpixel((picture.width - 1, picture.height - 1))

        check()
    assert outcomes == {"picture", "problem"}, "or the wounds are too light or too deep to tell anything"
