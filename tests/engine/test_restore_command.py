"""The command that restores: several answers, and what a written file says of itself."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from engine import images
from engine.__main__ import main
from engine.corruptions import masks
from engine.photos import gallery
from tests.engine.test_commands import fails

Says = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command writes falls into the test's own folder."""
    monkeypatch.chdir(tmp_path)


def face(path: Path) -> torch.Tensor:
    return images.to_tensor(Image.open(path))


def notes(name: str) -> tuple[str, str]:
    """The text and the XMP of a picture; empty where there is none."""
    with Image.open(name) as picture:
        picture.load()
        xmp = picture.info.get("xmp", picture.info.get("XML:com.adobe.xmp", ""))
        return picture.info.get("Description", ""), xmp.decode() if isinstance(xmp, bytes) else xmp


def test_a_written_file_says_what_was_painted(capsys: Says) -> None:
    words = ["restore", str(gallery.GALLERY / "astronaut.png"), "--box", "50,60,28,20", "--model", "gappy-pca", "-o"]
    for name in ("out.png", "out.jpg", "out.webp"):
        assert main([*words, name]) == 0
        text, xmp = notes(name)
        assert "50,60,28,20" in xmp and "painted by gappy-pca: invented" in xmp
        assert "compositeWithTrainedAlgorithmicMedia" in xmp
        assert (name == "out.png") == text.startswith("3.4% of the face, within 50,60,28,20")
        assert main([*words, name, "--no-note", "--overwrite"]) == 0
        assert notes(name) == ("", "")


def test_several_answers_are_numbered_and_repeat(capsys: Says) -> None:
    words = [
        "restore",
        str(gallery.GALLERY / "astronaut.png"),
        "--hide",
        "mouth",
        "--answers",
        "2",
        "-o",
        "new/out.png",
    ]
    assert main([*words, "--seed", "4"]) == 0
    assert sorted(path.name for path in Path("new").glob("*.png")) == ["out-1.png", "out-2.png"]
    one, two = (face(Path("new") / f"out-{number}.png") for number in (1, 2))
    hidden = masks.box_mask([masks.FEATURES["mouth"]])
    assert not torch.equal(one, two) and torch.equal(one.masked_select(~hidden), two.masked_select(~hidden))
    before = Path("new/out-1.png").read_bytes()
    assert main([*words, "--seed", "4", "--overwrite"]) == 0
    assert Path("new/out-1.png").read_bytes() == before
    assert main([*words, "--seed", "5", "--overwrite"]) == 0
    assert Path("new/out-1.png").read_bytes() != before
    assert main([*words, "--bold", "0", "--overwrite"]) == 0
    assert torch.equal(*(face(Path("new") / f"out-{number}.png") for number in (1, 2)))  # the likeliest, twice


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--answers", "0"], "Between 1 and 32 answers"),
        (["--answers", "100"], "Between 1 and 32 answers"),
        (["--answers", "2", "--bold", "-0.1"], "from 0 to 1.5 bold, not -0.1"),
        (["--answers", "2", "--bold", "1.6"], "from 0 to 1.5 bold, not 1.6"),
        (["--answers", "2", "--bold", "nan"], "from 0 to 1.5 bold, not nan"),
        (["--answers", "2", "--seed", "9" * 40], "beyond 64 bits"),
        (["--bold", "1"], "give --answers as well"),
        (["--answers", "2", "--model", "telea"], "several answers"),
    ],
)
def test_answers_that_cannot_be_drawn_are_one_sentence(words: list[str], sentence: str, capsys: Says) -> None:
    source = str(gallery.GALLERY / "astronaut.png")
    assert sentence in fails(["restore", source, "--hide", "mouth", "-o", "b.png", *words], capsys)
    assert not Path("b.png").exists()
