"""What training needs of a data set: pictures by number, the order of an epoch, and whether they are the same."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Protocol

import torch
from torch import Tensor


class Pictures(Protocol):
    """What training needs of a data set."""

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> Tensor:
        """uint8 (len(indices), C, H, W)."""
        ...


def sampling_weights(data: Pictures, shares: Mapping[str, float]) -> Tensor | None:
    """How often each picture is drawn relative to the others (N,): the share of the first source whose name begins the
    name of the picture's folder, 1 for any other; None where the recipe has no shares or the pictures no names."""
    names: tuple[str, ...] = getattr(data, "names", ())
    if not shares or not names:
        return None
    folders = [PurePath(name).parent.name for name in names]
    return torch.tensor(
        [next((share for source, share in shares.items() if folder.startswith(source)), 1.0) for folder in folders]
    )


def epoch_order(data: Pictures, shares: Mapping[str, float], seed: int, epoch: int) -> Tensor:
    """Which pictures an epoch shows, in which order (N,): shuffled, or drawn by the shares where there are any."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    weights = sampling_weights(data, shares)
    if weights is None:
        return torch.randperm(len(data), generator=generator)
    return torch.multinomial(weights, len(data), replacement=True, generator=generator)


def fingerprint(data: Pictures) -> str:
    """A digest of all pictures in their order: what a checkpoint has learnt from. Faces know theirs, from their files.

    The same pictures in another folder, in a tar, or streamed are the same.
    """
    known: str = getattr(data, "fingerprint", "")
    if known:
        return known
    digest = hashlib.sha256(f"{len(data)} pictures".encode())
    for indices in torch.arange(len(data)).split(1024):
        digest.update(data.batch(indices).cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
