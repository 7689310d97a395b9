"""A 12-megapixel photo stage by stage, from its bytes to a reconstruction and back; and how well faces are framed."""

import io
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TypeVar

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from engine import images, tables
from engine.corruptions import masks
from engine.datasets.faces import FaceFiles
from engine.evaluation.figures import FACE_WIDTH
from engine.models import model_card
from engine.photos import alignment, compositing, examples, grain
from engine.photos.alignment import Framing
from engine.photos.framing import SIZE as SIZE_OF_CROP
from engine.restoration import photo_restoration

SIZE = (4000, 3000)
SIDEWAYS = 6  # the EXIF turn of a phone that was held upright
REPEATS = 7
ANGLES = (0, 20, -20, 45, 90)
SEAM_HOLES = ("both eyes", "mouth")
BACK = "put back, at full size"  # after the first reconstruction
Result = TypeVar("Result")


def phone_photo(seed: int = 0) -> bytes:
    """The example's two faces as a phone would store them: 12 megapixels with grain, lying on their side."""
    photo = images.open_image(examples.two_portraits()).resize(SIZE, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(seed).normal(0, 6, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    noisy = Image.fromarray((np.asarray(photo) + grain).round().clip(0, 255).astype(np.uint8))
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = SIDEWAYS
    noisy.transpose(Image.Transpose.ROTATE_90).save(buffer, "jpeg", quality=90, exif=exif)
    return buffer.getvalue()


def stages(content: bytes, method: str = "face-autoencoder") -> dict[str, float]:
    """Seconds of each stage from an upload to the photo with its largest face restored, mouth hidden."""
    times: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Result]) -> Result:
        began = time.perf_counter()
        result = work()
        times[stage] = time.perf_counter() - began
        return result

    hidden = masks.box_mask([masks.FEATURES["mouth"]])
    picture = timed("decode", lambda: images.open_image(content))
    squares = timed("find faces", lambda: alignment.find_framings(picture) or [alignment.default_framing(picture)])[:1]
    timed("crop", lambda: photo_restoration.crop_squares(picture, squares))  # for the pad
    restored = timed("restore", lambda: photo_restoration.restore_photo(picture, squares, hidden, method))
    timed(BACK, lambda: restored.lay_on(picture))
    return times


def table(faces: FaceFiles | None = None, seed: int = 0) -> str:
    """A Markdown table: the median of each stage in milliseconds, and their sum up to the first reconstruction; where
    test faces are given, `framing_table` too."""
    content = phone_photo(seed)
    stages(content)  # loads what is loaded once
    runs = [stages(content) for _ in range(REPEATS)]
    took = {stage: 1000 * median(run[stage] for run in runs) for stage in runs[0]}
    first = sum(milliseconds for stage, milliseconds in took.items() if stage != BACK)
    rows = [(stage, f"{milliseconds:.0f}") for stage, milliseconds in took.items()]
    rows.insert(-1, ("**upload to first reconstruction**", f"**{first:.0f}**"))
    says = f"a {SIZE[0] * SIZE[1] // 10**6}-megapixel JPEG of {len(content) / 1e6:.1f} MB with two faces"
    stages_table = tables.markdown((f"{says}; {model_card.hardware('cpu')}", "ms"), rows)
    return f"{stages_table}\n\n{framing_table(faces, seed)}" if faces else stages_table


# ---------------------------------------------------------------- the seam


def seam_table(seed: int = 0, photos: Sequence[Path] = ()) -> str:
    """A Markdown table: of the first face in each photo, eyes and mouth put back by the painter, how sharp the hole is
    over what is around it and its PSNR, as it is painted and with grain and sharpness matched.

    A photo in which no face is found is left out. Raises `Problem` for a file that is no picture.
    """
    shown = {"two portraits": examples.two_portraits(), "astronaut in a mask": examples.mask()}
    shown["a phone's, 12 megapixels with grain"] = phone_photo(seed)
    shown |= {path.name: images.read_file(path) for path in photos}
    rows = []
    for name, content in shown.items():
        photo = images.open_image(content)
        for hole in SEAM_HOLES:
            rows += [(name, hole, *row) for row in _seam(photo, hole)]
    columns = (
        "photo",
        "hole",
        "sharpness in the hole over that around, painted",
        "matched",
        "PSNR, painted",
        "matched",
    )
    return tables.markdown(columns, rows)


def _seam(photo: Image.Image, hole: str) -> list[tuple[str, str, str, str]]:
    """The row of one hole in a photo; none where there is no face larger than its crop."""
    squares = alignment.find_framings(photo)[:1]
    if not squares or squares[0].side <= photo_restoration.ENLARGED * SIZE_OF_CROP:
        return []
    hidden = masks.box_mask([masks.FEATURES[hole]])
    restored = photo_restoration.restore_photo(photo, squares, hidden)
    truth = compositing.around_hole(photo, squares, 0, hidden)
    assert truth is not None  # the face is in the photo
    around = grain.local_sharpness(truth.luminance, grain.ring_around(truth.hole, truth.hidden))
    sharp, close = [], []
    for matched in (False, True):
        made = replace(restored, grained=matched).lay_on(photo)
        found = compositing.around_hole(made, squares, 0, hidden)
        assert found is not None
        sharp.append(f"{grain.local_sharpness(found.luminance, grain.inside_of(found.hole)) / around:.2f}")
        error = np.square(np.asarray(made, np.float32) - np.asarray(photo, np.float32)).sum()
        share = error / (3 * 255**2 * max(1, _in_hole(photo, squares[0], hidden)))
        close.append(f"{-10 * math.log10(max(share, 1e-10)):.1f} dB")
    return [(*sharp, *close)]


def _in_hole(photo: Image.Image, square: Framing, hidden: Tensor) -> int:
    """How many photo pixels a hole covers."""
    blank = Image.new("RGB", photo.size)
    compositing.paint(blank, square, torch.ones(1, 3, *hidden.shape[2:]), hidden)
    return int((np.asarray(blank)[:, :, 0] > 0).sum())


# ---------------------------------------------------------------- framing


def framing_table(faces: FaceFiles, seed: int = 0) -> str:
    """A Markdown table: faces in FFHQ's frame, each pasted into a photo at a drawn place and scale and one of five
    angles; the share that is found again within 4 % of the face's width, 4 degrees, and both."""
    random, errors = np.random.default_rng(seed), {"YuNet's five points": [], "with `face-framing`": []}
    for number in tqdm(range(len(faces)), desc="framing faces", unit="face", leave=False):
        centre = (float(random.uniform(520, 1080)), float(random.uniform(520, 680)))
        true = Framing(centre, float(random.uniform(120, 700)), ANGLES[number % len(ANGLES)])
        photo = pasted(faces.read(number).permute(1, 2, 0).numpy(), true, random)
        found = [face.framing for face in alignment.find_faces(photo)]
        nearest = min(
            found, key=lambda framing: math.dist(framing.centre, true.centre), default=Framing((0, 0), 1, 180)
        )
        for way, framing in zip(errors, (nearest, alignment.refine(photo, nearest)), strict=True):
            turn = abs((framing.angle - true.angle + 180) % 360 - 180)
            errors[way].append((math.dist(framing.centre, true.centre) / (FACE_WIDTH * true.side), turn))
    rows = []
    for way, off in errors.items():
        centre, angle = (np.array(off) < (0.04, 4)).T
        rows.append((way, *(f"{100 * share.mean():.1f} %" for share in (centre, angle, centre & angle))))
    columns = (f"{len(faces)} faces pasted into photos", "centre within 4 %", "angle within 4°", "both")
    return tables.markdown(columns, rows)


def pasted(face: np.ndarray, framing: Framing, random: np.random.Generator) -> Image.Image:
    """A photo of soft colours, 1600 x 1200, in which the framed square is this face, uint8 (128, 128, 3)."""
    colours = random.integers(0, 256, (8, 11, 3), np.uint8)
    photo = cv2.resize(colours, (1600, 1200), interpolation=cv2.INTER_CUBIC)
    to_crop = alignment.pixel_centres(cv2.invertAffineTransform(framing.matrix()))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    cv2.warpAffine(face, to_crop, (1600, 1200), photo, flags, cv2.BORDER_TRANSPARENT)
    return Image.fromarray(photo)
