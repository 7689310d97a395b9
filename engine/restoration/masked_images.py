"""Pictures with a hole, and what several methods want to know of them: found once, and remembered by who may."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from engine.corruptions.masks import check_mask, hide
from engine.datasets.faces import SIZE
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.restoration import gappy_pca

ENCODER = "face-autoencoder"
Found = TypeVar("Found")


class found_once(Generic[Found]):
    """A property that is found once, whoever asks meanwhile waits for it: methods are asked side by side.

    `functools.cached_property` has two of them find it in Python 3.12, and all other pictures wait in 3.11.
    """

    def __init__(self, find: Callable[[Any], Found]):
        self.find, self.__doc__ = find, find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Found:
        known = instance.__dict__  # which is looked into before this is asked
        with known.setdefault(f"{self.name} is sought", Lock()):
            if self.name not in known:
                known[self.name] = self.find(instance)
        return known[self.name]


@dataclass(frozen=True, eq=False)
class MaskedImages:
    """All that a method may know of pictures: a hidden pixel is in none of it."""

    given: Tensor  # (N, 3, 128, 128), black where hidden
    hidden: Tensor  # bool (N, 1, 128, 128)

    @found_once
    def posterior(self) -> gappy_pca.Posterior:
        """Which mixes of the shipped principal components fit. Raises `Problem` where they are missing or damaged."""
        with torch.inference_mode():
            return gappy_pca.ready().posterior(self.given, self.hidden)

    @found_once
    def mixed(self) -> Tensor:
        """`mix` of the most probable codes; raises `Problem` likewise."""
        return self.mix(self.posterior.means)

    @torch.inference_mode()
    def mix(self, codes: Tensor) -> Tensor:
        """What the components make of codes (N, D), one a picture: hidden pixels and those beside them; the given
        pixel elsewhere (N, 3, 128, 128)."""
        ready, wanted = gappy_pca.ready(), gappy_pca.edge_and_hole(self.hidden)
        found = [ready.decode_where(code, here) for code, here in zip(codes.split(1), wanted.split(1), strict=True)]
        return torch.where(wanted, torch.cat(found), self.given)

    @found_once
    def codes(self) -> Tensor:
        """What the autoencoder makes of them, black boxes and all (N, 300); raises `Problem` likewise."""
        with torch.inference_mode():
            return weights.shared(ENCODER, Autoencoder).encode(self.given)


def masked(images: Tensor, hidden: Tensor) -> MaskedImages:
    """Images (N, 3, 128, 128) without their hidden part, bool (N or 1, 1, 128, 128); raises `Problem` for another
    size and a mask that does not fit."""
    if images.ndim != 4 or images.shape[1:] != (3, SIZE, SIZE):
        raise Problem(
            f"The methods take images (N, 3, {SIZE}, {SIZE}), and these are {tuple(images.shape)}: bring them to that"
            " size, or give a picture of any size to engine.restore."
        )
    check_mask(images, hidden)
    return MaskedImages(hide(images, hidden), hidden.expand(len(images), -1, -1, -1))


class Memory:
    """The last few pictures with their holes, so that what was found for one method serves the others.

    It holds pictures: one for a visitor's own belongs into that visitor's session, never to all.
    """

    def __init__(self, most: int = 4):
        self.most, self.kept, self.lock = most, OrderedDict[bytes, MaskedImages](), Lock()

    def masked(self, images: Tensor, hidden: Tensor) -> MaskedImages:
        """As `masked`: the same object for the same visible pixels and mask."""
        fresh = masked(images, hidden)
        digest = hashlib.sha256(str(tuple(fresh.given.shape)).encode())
        for part in (fresh.given, fresh.hidden):
            digest.update(part.detach().cpu().contiguous().numpy().tobytes())
        with self.lock:
            found = self.kept.setdefault(digest.digest(), fresh)
            self.kept.move_to_end(digest.digest())
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return found


SHIPPED = Memory(24)  # of pictures that ship with the project, for everybody: never a visitor's own
