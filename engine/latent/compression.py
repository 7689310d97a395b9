"""How few bytes can a picture be kept in? Codes of 8-bit numbers against principal components and picture files.

A code is cut to its k strongest directions and each number rounded to 8 bits, so that k numbers are k bytes. The
network, the axes and the range of each number are not counted: sender and receiver both have them. A JPEG or WebP file
carries its header, which no small picture can pay for.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from engine import images, metrics
from engine.latent.codes import Projection, principal_components
from engine.networks import Autoencoder, LinearAutoencoder
from engine.problem import Problem

LEVELS = 255  # of an 8-bit number


@dataclass(frozen=True)
class Kept:
    """Pictures after they were kept in so many bytes."""

    method: str
    bytes: float  # a picture, mean over the pictures
    reconstruction: Tensor  # (N, C, H, W)
    error: Tensor  # (N,), mean squared


@dataclass(frozen=True)
class Coder:
    """Turns codes into bytes and back: principal directions of many codes, and the range of each."""

    projection: Projection
    low: Tensor  # (D,)
    high: Tensor  # (D,)

    def squeeze(self, codes: Tensor, keep: int) -> Tensor:
        """Codes (N, D) -> uint8 (N, keep); what lies outside the range is cut to it."""
        coordinates = self.projection.project(codes)[:, :keep]
        share = (coordinates - self.low[:keep]) / (self.high[:keep] - self.low[:keep])
        return (share.clamp(0, 1) * LEVELS).round().to(torch.uint8)

    def unsqueeze(self, kept: Tensor) -> Tensor:
        """uint8 (N, keep) -> codes (N, D), at the mean along every direction that was not kept."""
        keep = kept.shape[1]
        coordinates = torch.zeros(len(kept), len(self.low))
        coordinates[:, :keep] = self.low[:keep] + kept.float() / LEVELS * (self.high[:keep] - self.low[:keep])
        return self.projection.lift(coordinates)


def coder(codes: Tensor, *, turn: bool = True) -> Coder:
    """A coder for codes like these (N, D): their principal directions first (turn=False: the numbers as they stand)."""
    size = codes.shape[1]
    projection = principal_components(codes, size) if turn else Projection(codes.mean(0), torch.eye(size))
    coordinates = projection.project(codes)
    low, high = coordinates.quantile(0.001, 0), coordinates.quantile(0.999, 0)
    return Coder(projection, low, torch.maximum(high, low + 1e-6))


def by_code(method: str, network: Autoencoder, pictures: Tensor, codes: Tensor, keep: Sequence[int]) -> list[Kept]:
    """Keep images (N, C, H, W) as the k strongest numbers of their codes, for each k; `codes` (M, D) set directions and
    ranges, and should be those of other pictures. Raises `Problem` for a k that the code has not."""
    if not all(1 <= k <= network.code_size for k in keep):
        raise Problem(
            "The code of {method} has {size} numbers: keep 1 to {size} of them.", method=method, size=network.code_size
        )
    # principal components are in order already, and their means are 0
    found = coder(codes, turn=not isinstance(network, LinearAutoencoder))
    with torch.inference_mode():
        own = network.encode(pictures)
        return [_kept(method, k, network.decode(found.unsqueeze(found.squeeze(own, k))), pictures) for k in keep]


def by_file(kind: images.Kind, pictures: Tensor, qualities: Sequence[int]) -> list[Kept]:
    """Keep images (N, C, H, W) as JPEG or WebP files of each quality (1 to 100), their whole length counted."""
    kept = []
    for quality in qualities:
        length, back = 0, []
        for picture in pictures:
            content = _file(images.to_picture(picture), kind, quality)
            length += len(content)
            opened = images.to_tensor(Image.open(io.BytesIO(content)))
            back.append(opened if pictures.shape[1] == 3 else opened[:, :1])
        kept.append(_kept(kind.upper(), length / len(pictures), torch.cat(back), pictures))
    return kept


def _file(picture: Image.Image, kind: images.Kind, quality: int) -> bytes:
    buffer = io.BytesIO()
    settings = {"jpeg": {"optimize": True}, "webp": {"method": 6}}.get(kind, {})
    picture.save(buffer, kind, quality=quality, **settings)
    return buffer.getvalue()


def _kept(method: str, size: float, reconstruction: Tensor, pictures: Tensor) -> Kept:
    return Kept(method, size, reconstruction, metrics.mse(reconstruction, pictures))
