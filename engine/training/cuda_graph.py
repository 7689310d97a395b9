"""A training step recorded once as a CUDA graph and replayed: one launch from Python in place of a thousand."""

from collections.abc import Callable

import torch
from torch import Tensor

WARM = 3  # calls before the recording, in which cuDNN chooses its ways and optimisers make their memory


class CudaGraph:
    """A function of tensors whose shapes never change, called through a recorded graph from its fourth call on.

    What it computes with beside its arguments (weights, moments, learning rates that are tensors) must stay where it
    lies in memory, and it may draw no random numbers. What it returns is overwritten by the next call.
    https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
    """

    def __init__(self, function: Callable[..., dict[str, Tensor]]):
        self.function, self.calls = function, 0
        self.side, self.graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
        self.given: list[Tensor] = []
        self.found: dict[str, Tensor] = {}

    def __call__(self, *given: Tensor) -> dict[str, Tensor]:
        self.calls += 1
        if self.calls <= WARM:
            self.side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self.side):
                found = self.function(*given)
            torch.cuda.current_stream().wait_stream(self.side)
            return found
        if not self.given:
            self.given = [one.clone() for one in given]
            with torch.cuda.graph(self.graph):
                self.found = self.function(*self.given)
        for kept, one in zip(self.given, given, strict=True):
            kept.copy_(one)
        self.graph.replay()
        return self.found


def recorded(function: Callable[..., dict[str, Tensor]], wanted: bool) -> Callable[..., dict[str, Tensor]]:
    """The function as it is, or replayed as a CUDA graph where that is `wanted`."""
    return CudaGraph(function) if wanted else function
