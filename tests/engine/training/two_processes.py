"""What each of two processes does in `test_distributed`: a few steps of a small adversarial recipe on noise.

`python -m tests.engine.training.two_processes OUT`, alone or under torchrun; the first writes what was learnt.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import safetensors.torch
import torch

from engine.datasets.faces import FaceTensor
from engine.training import loop
from engine.training.place import Place
from tests.engine.training.test_adversarial import LARGE

PICTURES, BATCH, EPOCHS = 48, 16, 2


def main(out: Path) -> None:
    torch.set_num_threads(1)
    noise = torch.randint(256, (PICTURES, 3, 128, 128), generator=torch.Generator().manual_seed(5))
    recipe = replace(LARGE, batch=BATCH, epochs=EPOCHS)
    place = Place.here("cpu", bf16=False)
    trained = loop.train(recipe, FaceTensor(noise.to(torch.uint8)), out, place=place, quiet=True)
    if place.rank == 0:
        learnt = {name: value.contiguous() for name, value in trained.network.state_dict().items()}
        safetensors.torch.save_file(learnt, out / "learnt.safetensors")
        (out / "history.json").write_text(json.dumps(trained.history))
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
