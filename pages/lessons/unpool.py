"""Max pooling, and the slides' two ways back up, on sixteen numbers."""

import torch

from engine.networks import unpooling
from pages.components.lesson_grids.lesson_grids import Grid, asked, lesson_grids
from pages.lessons.step import Shown
from pages.parts.say import say

SLIDES = [[125, 20, 2, 30], [10, 12, 0, 60], [1, 185, 224, 2], [5, 15, 5, 105]]  # the worked example
KEY, FIRST = "sixteen", (0, 1)


def show() -> Shown:
    """Sixteen numbers to change, the four that are kept, and the two ways back; the window of the chosen one is lit."""
    rows, (row, column) = asked(KEY, SLIDES, FIRST)
    picture = torch.tensor(rows, dtype=torch.float32).view(1, 1, 4, 4)
    pooled, positions = unpooling.max_pool(picture)
    kept = [divmod(position, 4) for position in positions.flatten().tolist()]
    window = [(r, c) for r in range(4) for c in range(4) if (r // 2, c // 2) == (row // 2, column // 2)]
    back = {"remembered": unpooling.unpool(pooled, positions), "repeated": unpooling.repeat(pooled)}
    grids = [
        Grid(say("lesson.unpool.picture"), say("lesson.unpool.change"), rows, kept, window),
        Grid(
            say("lesson.unpool.pooled"),
            say("lesson.unpool.largest"),
            pooled[0, 0].tolist(),
            lit=[(row // 2, column // 2)],
        ),
    ]
    off: dict[str, object] = {}
    for name, image in back.items():
        right, mean = int((image == picture).sum().item()), (image - picture).abs().mean().item()
        off |= {f"{name}_right": right, f"{name}_off": f"{mean:.0f}"}
        said = say("lesson.unpool.figure", right=right, off=f"{mean:.0f}")
        marks = kept if name == "remembered" else []
        grids.append(
            Grid(
                say(f"lesson.unpool.{name}"),
                say(f"lesson.unpool.{name}-note"),
                image[0, 0].tolist(),
                marks,
                window,
                said,
            )
        )
    lesson_grids(grids, SLIDES, FIRST, say("lesson.unpool.chosen"), True, key=KEY)
    slides = [
        divmod(one, 4)
        for one in unpooling.max_pool(torch.tensor([[SLIDES]], dtype=torch.float32))[1].flatten().tolist()
    ]
    return Shown(
        kept != slides,
        off,
        f"""import torch
from engine.networks import unpooling

picture = torch.tensor([[{rows}]], dtype=torch.float32)  # (1, 1, 4, 4)
pooled, positions = unpooling.max_pool(picture)
remembered, repeated = unpooling.unpool(pooled, positions), unpooling.repeat(pooled)
print(pooled, remembered, repeated)""",
    )
