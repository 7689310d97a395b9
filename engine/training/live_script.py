"""A watched run to take home: the same training as a script and as a notebook, to be run where the package is."""

import json

from engine.training import live

ABOUT = "The run as it was watched: the same loop, digits and seed, so the same curve on the same kind of machine."
WHERE = "Run it in a clone of the repository, or anywhere after `pip install .` in one."

TRAIN = """import base64
from pathlib import Path

from engine.training import live, live_worker

settings = live.{settings!r}
said = []


def tell(found):
    said.append(found)
    if found["kind"] == "point":
        print(f"epoch {{found['epoch']:.2f}}  error on digits it has not seen {{found['error']:.4f}}")


live_worker.train(settings, tell)"""

SAVE = """if said[-1]["kind"] == "stopped":
    print(said[-1]["why"])
else:
    Path("model.safetensors").write_bytes(base64.b64decode(said[-1]["weights"]))"""

SHOW = """import io

from PIL import Image

rows = [one["ten"].partition(",")[2] for one in said if one["kind"] == "epoch"]
Image.open(io.BytesIO(base64.b64decode(rows[-1])))  # rows[0]: the random start"""


def script(settings: live.Settings) -> str:
    """Python that trains so, prints the curve and keeps the weights as model.safetensors in the current folder."""
    return f'"""{ABOUT}\n\n{WHERE}\n"""\n\n{TRAIN.format(settings=settings)}\n{SAVE}\n'


def notebook(settings: live.Settings) -> str:
    """The same as JSON of a Jupyter notebook, which also shows the ten digits after the last epoch."""
    cells = [("markdown", f"# Train it yourself\n\n{ABOUT}\n{WHERE}")]
    cells += [("code", part) for part in (TRAIN.format(settings=settings), SAVE, SHOW)]
    return json.dumps(
        {
            "cells": [cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def cell(number: int, kind: str, source: str) -> dict[str, object]:
    """One of a notebook."""
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source, **code}
