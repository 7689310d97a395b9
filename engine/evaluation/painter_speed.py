"""How long the painter takes: the network as it is read, the form that runs, and what a visitor waits for.

All forms take their turns in one process, so that whatever else the machine does falls on all of them alike.
"""

import time
from collections.abc import Callable, Mapping
from datetime import date
from statistics import median
from typing import Any

import torch

from engine import tables
from engine.corruptions import masks
from engine.models import weights
from engine.networks import Painter
from engine.photos import gallery
from engine.restoration import drafts, unet_input
from engine.restoration.masked_images import masked

REPEATS, ANSWERS = 20, 6
THREADS = (1, 2)
READABLE, FAST = "the network as it is read", "its fast form"
BOTH, SEVERAL = "draft and fast form", f"{ANSWERS} drawn answers"


def measure(repeats: int = REPEATS) -> dict[str, Any]:
    """Medians in milliseconds of wall-clock time, one picture with its eyes hidden, by form and number of threads."""
    before, took = torch.get_num_threads(), {form: [] for form in (READABLE, FAST, BOTH, SEVERAL)}
    try:
        for threads in THREADS:
            torch.set_num_threads(threads)
            for form, milliseconds in in_turns(forms(), repeats).items():
                took[form].append(milliseconds)
    finally:
        torch.set_num_threads(before)
    return {
        "threads": list(THREADS),
        "milliseconds": took,
        "repeats": repeats,
        "hardware": f"CPU ({torch.backends.cpu.get_cpu_capability()})",
        "date": date.today().isoformat(),
    }


def forms() -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    face, eyes = next(iter(gallery.gallery().values())).image, masks.box_mask([masks.FEATURES["both eyes"]])
    network = weights.shared(drafts.MODEL, Painter)
    fast, shown = drafts.fast(network), unet_input.for_painter(masked(face, eyes)).contiguous()
    return {
        READABLE: lambda: network(shown),
        FAST: lambda: fast(shown),
        BOTH: lambda: drafts.fill(masked(face, eyes)),  # a question of its own each time: nothing is remembered
        SEVERAL: lambda: list(drafts.answers(masked(face, eyes), ANSWERS)),
    }


@torch.inference_mode()
def in_turns(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """The median of each call in milliseconds, all of them once before the next round; a round to warm up first."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats + 1):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            took[name].append(1000 * (time.perf_counter() - began))
    return {name: median(times[1:]) for name, times in took.items()}


def markdown(found: Mapping[str, Any]) -> str:
    """What `measure` found, a row a form."""
    took = found["milliseconds"]
    rows = [(form, *(f"{each:.0f} ms" for each in times)) for form, times in took.items()]
    pairs = zip(took[FAST], took[READABLE], strict=True)
    rows.insert(2, ("fast form over the network as it is read", *(f"{fast / read:.2f}" for fast, read in pairs)))
    names = [f"{count} thread{'s' * (count > 1)}" for count in found["threads"]]
    return (
        f"{tables.markdown(('one picture, both eyes hidden', *names), rows)}\n\n"
        f"Medians of {found['repeats']}, taken in turns; {found['hardware']}, {found['date']}."
    )
