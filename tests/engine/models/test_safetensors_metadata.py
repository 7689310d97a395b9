"""What the weight files say of themselves to other programs."""

import json
import struct
from pathlib import Path

import pytest

from engine.models import weights

FILES = sorted(weights.FOLDER.glob("*/*.safetensors"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_says_that_its_tensors_are_torchs(path: Path) -> None:
    """Read by the format's own description: eight bytes of length, then JSON. Other loaders refuse files without it."""
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    assert header["__metadata__"]["format"] == "pt"


def test_there_are_such_files() -> None:
    assert len(FILES) > 10
