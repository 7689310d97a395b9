"""A folder of pictures shared among actors of Ray Data: the same files, also where an actor or a whole run dies."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.__main__ import main
from engine.corruptions import masks
from engine.photos.gallery import GALLERY
from engine.restoration import file_restoration, ray_restoration
from engine.restoration.address import Address
from engine.restoration.folder_restoration import FolderRun
from tests.conftest import ROOT
from tests.engine.restoration.test_folder_restoration import written

SETTINGS = file_restoration.Settings(masks.box_mask([masks.FEATURES["mouth"]]), "telea")
COUNT = 24
needs_ray = pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="needs ray: `pip install .[ray]`")


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Different framed faces, one with a name that is no text, and a file that is no picture."""
    (tmp_path / "album" / "more").mkdir(parents=True)
    with Image.open(GALLERY / "astronaut.png") as face:
        for number in range(COUNT):
            name = os.fsdecode(b"\xff.png") if number == 1 else f"more/{number:02}.png"
            face.convert("RGB").rotate(number).save(tmp_path / "album" / name, "png")
    (tmp_path / "album" / "broken.png").write_bytes(b"no picture")
    return tmp_path / "album"


@pytest.fixture
def cluster() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Starts Ray on this machine with room for two actors; what is given runs first in each of its processes."""
    ray: Any = importlib.import_module("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    yield lambda hook: ray.init(
        num_cpus=2, log_to_driver=False, logging_level="error", runtime_env={"worker_process_setup_hook": hook}
    )
    ray.shutdown()


def deadly(content: bytes, note: Path) -> Callable[[], None]:
    """Makes processes of which the first that restores this picture is killed over it."""

    root = str(ROOT)

    def hook() -> None:  # within a function: Ray sends its code, for its processes know no tests
        import os
        import signal
        import sys

        sys.path.insert(0, root)
        from engine.restoration import file_restoration

        make = file_restoration.make

        def killed(given: bytes, *rest: Any) -> file_restoration.Made:
            if given == content and not note.exists():
                note.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return make(given, *rest)

        file_restoration.make = killed

    return hook


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize("by", ["path", "address"])
def test_two_actors_one_of_them_killed_make_the_same_files(
    by: str, album: Path, cluster: Callable[[Callable[[], None]], None]
) -> None:
    out, note = album.with_name("out"), album.with_name("note")
    alone = list(FolderRun(album, album.with_name("alone"), SETTINGS).outcomes())
    cluster(deadly((album / "more" / "13.png").read_bytes(), note))
    source, target = (Address(f"file://{folder}") if by == "address" else folder for folder in (album, out))
    run = FolderRun(source, target, SETTINGS, workers=2, on_ray=True)
    told = list(run.outcomes())
    assert note.exists()  # one was killed
    assert [(one.file, one.problem, one.altered) for one in told] == [
        (one.file, one.problem, one.altered) for one in alone
    ]
    statuses = [one.status for one in told]
    assert statuses.count("failed") == 1 and "restored" in statuses and len(told) == COUNT + 1
    assert len(written(out)) == COUNT and written(out) == written(album.with_name("alone"))
    # One process knows what the actors have made; so do actors what a run that ended early has left.
    again = [one.status for one in FolderRun(album, out, SETTINGS).outcomes()]
    assert again.count("finished before") == COUNT
    for lost in ("more/05.png", "more/17.png"):
        (out / lost).unlink()
    again = [one.status for one in FolderRun(source, target, SETTINGS, workers=2, on_ray=True).outcomes()]
    assert (again.count("restored"), again.count("finished before")) == (2, COUNT - 2)
    assert written(out) == written(album.with_name("alone"))


def test_a_file_of_an_actor_that_died_is_known(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(album.parent)
    out = Path("out")
    jobs = {job.name: job for job in FolderRun(album, out, SETTINGS).jobs}
    first, second = (ray_restoration.Restorer(os.getcwd(), os.fsencode(out), SETTINGS) for _ in range(2))
    job = jobs["more/05.png"]
    assert first.restore(job).status == "restored"
    assert second.restore(job).status == "finished before"
    shutil.copy(str(job.target), str(jobs["more/06.png"].target))
    assert "was not written by this program" in second.restore(jobs["more/06.png"]).problem


def test_without_ray_it_is_said_what_is_missing(
    album: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    out = album.with_name("out")
    assert main(["restore", str(album), "-o", str(out), "--hide", "mouth", "--model", "telea", "--ray"]) == 2
    assert "pip install .[ray]" in capsys.readouterr().err and not out.exists()
