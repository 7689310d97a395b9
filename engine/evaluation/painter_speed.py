"""How long the painter takes: the network as it is read, the form that runs, and what a visitor waits for.

All forms take their turns in one process, so that whatever else the machine does falls on all of them alike. One thread
is measured in processor time, which nobody else's work adds to; two in wall-clock time, which is what they are for.
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
from engine.photos import gallery
from engine.restoration import drafts, unet_input
from engine.restoration.masked_images import masked

REPEATS, ANSWERS = 20, 6
THREADS = (1, 2)
READABLE, FAST = "the network as it is read", "its fast form"
BOTH, SEVERAL = "draft and fast form", f"{ANSWERS} drawn answers"


def measure(repeats: int = REPEATS) -> dict[str, Any]:
    """Medians in milliseconds, one picture with its eyes hidden, by form and number of threads; and which share of two
    processors the process had meanwhile."""
    before, took = torch.get_num_threads(), {form: [] for form in (READABLE, FAST, BOTH, SEVERAL)}
    had = 0.0
    try:
        for threads in THREADS:
            torch.set_num_threads(threads)
            began, worked = time.perf_counter(), time.process_time()
            clock = time.process_time if threads == 1 else time.perf_counter
            for form, milliseconds in in_turns(forms(), repeats, clock).items():
                took[form].append(milliseconds)
            had = (time.process_time() - worked) / (time.perf_counter() - began) / threads
    finally:
        torch.set_num_threads(before)
    return {
        "threads": list(THREADS),
        "milliseconds": took,
        "repeats": repeats,
        "share_of_processors": round(had, 3),
        "hardware": f"CPU ({torch.backends.cpu.get_cpu_capability()})",
        "date": date.today().isoformat(),
    }


def forms() -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    face, eyes = next(iter(gallery.gallery().values())).image, masks.box_mask([masks.FEATURES["both eyes"]])
    network, fast = weights.load(drafts.MODEL), weights.shared(drafts.MODEL)
    shown = unet_input.for_painter(masked(face, eyes)).contiguous()
    return {
        READABLE: lambda: network(shown),
        FAST: lambda: fast(shown),
        BOTH: lambda: drafts.fill(masked(face, eyes)),  # a question of its own each time: nothing is remembered
        SEVERAL: lambda: list(drafts.answers(masked(face, eyes), ANSWERS)),
    }


@torch.inference_mode()
def in_turns(calls: Mapping[str, Callable[[], object]], repeats: int, clock: Callable[[], float]) -> dict[str, float]:
    """The median of each call in milliseconds of a clock, all of them once before the next round; one to warm up."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats + 1):
        for name, call in calls.items():
            began = clock()
            call()
            took[name].append(1000 * (clock() - began))
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
        f"Medians of {found['repeats']}, taken in turns: processor time on one thread, wall-clock time on two, where"
        f" the process had {found['share_of_processors']:.0%} of two processors; {found['hardware']}, {found['date']}."
    )
