"""Faces in tars, streamed: every face once, shuffled, dealt among processes, and what is damaged."""

import io
import tarfile
from itertools import islice
from pathlib import Path

import pytest
import torch
from PIL import Image

from engine.datasets.faces import FaceFiles
from engine.datasets.shards import FaceShards, streamed
from engine.problem import Problem

SHARDS, EACH = 5, 12


def picture(shade: int) -> bytes:
    """A 128x128 PNG of one grey."""
    buffer = io.BytesIO()
    Image.new("RGB", (128, 128), (shade, shade, shade)).save(buffer, "png")
    return buffer.getvalue()


def pack(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five tars in webdataset's layout, 60 faces whose shade is their number, a label beside each."""
    for shard in range(SHARDS):
        files = {}
        for place in range(EACH):
            number = shard * EACH + place
            files |= {f"{number:06}.png": picture(number), f"{number:06}.json": b"{}"}
        pack(tmp_path / f"faces-{shard:06}.tar", files)
    return tmp_path


def of(source: Path) -> FaceShards:
    return FaceShards(FaceFiles([source]))


def shades(batch: torch.Tensor) -> list[int]:
    """The number of each face of a batch."""
    return batch[:, 0, 0, 0].tolist()


def shown(faces: FaceShards, count: int, rank: int = 0, world: int = 1, epoch: int = 0) -> list[int]:
    """The numbers of the first faces of a stream, in batches of four."""
    batches = faces.stream(seed=1, epoch=epoch, batch=4, rank=rank, world=world, threads=2)
    found = [shade for batch in islice(batches, count // 4) for shade in shades(batch)]
    batches.close()
    return found


def test_an_epoch_shows_every_face_once_in_another_order_each_time(folder: Path) -> None:
    faces = of(folder)
    first, second = shown(faces, 60), shown(faces, 60, epoch=1)
    assert sorted(first) == sorted(second) == list(range(60))
    assert first != second and first != sorted(first)
    assert first == shown(faces, 60)  # the same seed, the same order: a resumed run sees what it would have seen


def test_faces_are_those_that_are_read_one_by_one(folder: Path) -> None:
    faces, files = of(folder), FaceFiles([folder])
    batch = next(faces.stream(seed=0, epoch=0, batch=8))
    assert batch.dtype == torch.uint8 and batch.shape == (8, 3, 128, 128)
    assert torch.equal(batch, files.batch(torch.tensor(shades(batch))))


def test_processes_have_shards_of_their_own_and_all_of_them_together(folder: Path) -> None:
    faces = of(folder)
    shares = [shown(faces, 24, rank, 2) for rank in range(2)]
    of_shards = [{shade // EACH for shade in share} for share in shares]
    assert not of_shards[0] & of_shards[1]
    assert all(len(set(share)) == 24 for share in shares)
    with pytest.raises(Problem, match="5 tars cannot be dealt to 6 processes"):
        next(faces.order(0, 0, 0, 6))


def test_the_buffer_mixes_shards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.datasets.shards.BUFFER", 20)
    order = shown(of(folder), 60)
    assert sorted(order) == list(range(60))
    assert len({shade // EACH for shade in order[:EACH]}) > 1


def test_a_damaged_picture_is_said_once_and_another_stands_in(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    pack(folder / "faces-000009.tar", {"broken.png": picture(99)[:60]})
    faces = of(folder)
    twice = shown(faces, 120)
    assert len(twice) == 120 and set(twice) == set(range(60))
    assert [record.getMessage() for record in caplog.records if "broken.png" in record.getMessage()] == [
        "skipped an unreadable picture: broken.png"
    ]
    pack(folder / "only.tar", {"broken.png": b"none"})
    with pytest.raises(Problem, match="could not be read"):
        of(folder / "only.tar").decode(of(folder / "only.tar").entries)


def test_a_face_outside_the_tars_is_one_sentence(folder: Path) -> None:
    (folder / "loose.png").write_bytes(picture(1))
    with pytest.raises(Problem, match="'loose.png' lies in no tar"):
        of(folder)


def test_the_same_faces_elsewhere_are_the_same(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "moved"
    before = of(folder).fingerprint
    folder.rename(elsewhere)
    assert of(elsewhere).fingerprint == before
    pack(elsewhere / "faces-000000.tar", {"000000.png": picture(7)})
    assert of(elsewhere).fingerprint != before


def test_only_several_tars_are_shards(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert isinstance(streamed(FaceFiles([folder])), FaceShards)
    assert not isinstance(streamed(FaceFiles([folder / "faces-000000.tar"])), FaceShards)
    (folder / "loose.png").write_bytes(picture(1))
    assert not isinstance(streamed(FaceFiles([folder])), FaceShards)


def test_a_share_says_how_often_a_face_is_shown(folder: Path) -> None:
    shares = torch.where(torch.arange(60) < 30, 1.0, 0.25)
    drawn = [int(entry.name[:6]) for entry in islice(of(folder).order(0, 0, shares=shares), 4000)]
    rare = sum(number >= 30 for number in drawn) / len(drawn)
    assert 0.16 < rare < 0.24  # a fifth, by four standard deviations and more
