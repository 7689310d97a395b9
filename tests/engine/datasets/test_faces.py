"""Faces from folders and tars: the same batches however they are read, whatever lies among them."""

import io
import logging
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.datasets.faces import FaceFiles
from engine.photos import gallery as faces
from engine.problem import Problem
from tests.engine.conftest import FaceFolder


def png(pixels: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def flat(value: int, height: int = 128, width: int = 128) -> bytes:
    return png(np.full((height, width, 3), value, np.uint8))


def test_a_folder_a_tar_and_memory_give_the_same_batches(face_folder: FaceFolder) -> None:
    """The article's batch generator, and all of it in memory: pixel for pixel what lies on the disk."""
    folder, tar = FaceFiles([face_folder.folder]), FaceFiles([face_folder.tar])
    held = tar.in_memory()
    names = [entry.name for entry in folder.entries]
    assert names == [entry.name for entry in tar.entries] == sorted([*face_folder.pictures, "broken.png"])
    for indices in (torch.arange(13), torch.tensor([12, 0, 5, 5, 3])):
        batch = folder.batch(indices)
        assert batch.dtype == torch.uint8 and batch.shape == (len(indices), 3, 128, 128)
        assert torch.equal(batch, tar.batch(indices)) and torch.equal(batch, held.batch(indices))
        for picture, index in zip(batch, indices.tolist(), strict=True):
            name = names[index]
            if name != "broken.png":
                assert np.array_equal(picture.permute(1, 2, 0).numpy(), face_folder.pictures[name])
    assert list(held.names) == names and folder.fingerprint == tar.fingerprint == held.fingerprint
    assert len(folder) == len(held) == 13


def test_nothing_is_held_in_memory_between_batches(face_folder: FaceFolder, tmp_path: Path) -> None:
    """A picture changed on the disk is another one in the next batch."""
    (tmp_path / "face.png").write_bytes(flat(10))
    files = FaceFiles([tmp_path])
    assert files.batch(torch.tensor([0])).unique().tolist() == [10]
    (tmp_path / "face.png").write_bytes(flat(200))
    assert files.batch(torch.tensor([0])).unique().tolist() == [200]


def test_an_unreadable_picture_is_named_once_skipped_and_counted(
    face_folder: FaceFolder, caplog: pytest.LogCaptureFixture
) -> None:
    files = FaceFiles([face_folder.folder])
    broken = [entry.name for entry in files.entries].index("broken.png")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            files.batch(torch.arange(13))
    assert [record.getMessage() for record in caplog.records] == ["skipped an unreadable picture: broken.png"]
    assert [entry.name for entry in files.unreadable] == ["broken.png"]
    batch = files.batch(torch.tensor([broken, (broken + 1) % 13]))
    assert torch.equal(batch[0], batch[1])  # the next one takes its place
    with caplog.at_level(logging.WARNING):
        held = FaceFiles([face_folder.tar]).in_memory()
    assert caplog.records[-1].getMessage() == "skipped 1 unreadable of 13 pictures"
    assert [entry.name for entry in held.unreadable] == ["broken.png"]


def test_a_broken_picture_does_not_take_its_namesake_along(tmp_path: Path) -> None:
    for folder, content in (("one", b"broken"), ("two", flat(77))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "0.png").write_bytes(content)
    files = FaceFiles([tmp_path / "one", tmp_path / "two"])
    assert files.batch(torch.tensor([0, 1])).unique().tolist() == [77]
    assert files.batch(torch.tensor([1])).unique().tolist() == [77]
    assert len(files.unreadable) == 1


def test_no_readable_picture_at_all_is_one_sentence(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(b"broken")
    with pytest.raises(Problem, match="None of the pictures could be read"):
        FaceFiles([tmp_path]).batch(torch.arange(3))


def test_a_picture_that_vanished_is_skipped_too(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(flat(1))
    (tmp_path / "b.png").write_bytes(flat(2))
    files = FaceFiles([tmp_path])
    (tmp_path / "a.png").unlink()
    assert files.batch(torch.arange(2)).unique().tolist() == [2]
    assert len(files.unreadable) == 1


def test_only_pictures_and_only_those_that_match(tmp_path: Path) -> None:
    for name in ("ffhq_a/1.PNG", "ffhq_a/2.webp", "gan_b/3.jpg", "gan_b/4.jpeg", "notes.txt", "ffhq_a/5.gif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(flat(0))
    (tmp_path / "folder.png").mkdir()
    with tarfile.open(tmp_path / "more.tar", "w") as tar:
        for name in ("ffhq_c/6.png", "read.me"):
            member = tarfile.TarInfo(name)
            member.size = len(flat(0))
            tar.addfile(member, io.BytesIO(flat(0)))
    names = {entry.name for entry in FaceFiles([tmp_path]).entries}
    assert names == {"ffhq_a/1.PNG", "ffhq_a/2.webp", "gan_b/3.jpg", "gan_b/4.jpeg", "ffhq_c/6.png"}
    assert {entry.name for entry in FaceFiles([tmp_path], "ffhq_").entries} == {
        name for name in names if "ffhq" in name
    }
    with pytest.raises(Problem, match="no face pictures with 'nobody' in their names"):
        FaceFiles([tmp_path], "nobody")


def test_other_pictures_have_another_fingerprint(tmp_path: Path) -> None:
    for folder, grey in (("one", 10), ("same", 10), ("other", 11)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "face.png").write_bytes(flat(grey))
    one, same, other = (FaceFiles([tmp_path / folder]).fingerprint for folder in ("one", "same", "other"))
    assert one == same != other


def test_no_pictures_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no face pictures"):
        FaceFiles([tmp_path])
    with pytest.raises(Problem, match="no folder"):
        FaceFiles([])


def test_what_is_no_tar_is_one_sentence(tmp_path: Path, face_folder: FaceFolder) -> None:
    whole = face_folder.tar.read_bytes()
    contents = {"empty.tar": b"", "text.tar": b"no tar" * 200, "cut.tar": whole[: len(whole) // 2 + 77]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Problem, match=f"'{name}'.*--data"):
            FaceFiles([tmp_path / name])
    with tarfile.open(tmp_path / "packed.tar", "w:gz") as tar:
        tar.add(face_folder.folder, "faces")
    with pytest.raises(Problem, match="'packed.tar'"):
        FaceFiles([tmp_path / "packed.tar"])


@pytest.mark.parametrize(("height", "width"), [(256, 256), (100, 300), (300, 100), (64, 64), (128, 129)])
def test_other_sizes_are_cut_to_the_middle_square(height: int, width: int, tmp_path: Path) -> None:
    pixels = np.zeros((height, width, 3), np.uint8)
    side, top, left = min(height, width), (height - min(height, width)) // 2, (width - min(height, width)) // 2
    pixels[top : top + side, left : left + side] = 200  # the square is light, what is cut off is black
    (tmp_path / "face.png").write_bytes(png(pixels))
    face = FaceFiles([tmp_path]).batch(torch.tensor([0]))
    assert face.shape == (1, 3, 128, 128)
    assert face[:, :, 6:-6, 6:-6].unique().tolist() == [200]  # the filter reaches a few pixels over the rim
    assert face.float().sub(200).abs().max() < 25


def test_the_gallery_may_be_shown() -> None:
    gallery = faces.gallery()
    assert {"astronaut", "grace-hopper"} <= set(gallery)
    for name, face in gallery.items():
        assert face.name == name and face.title and face.credit
        assert face.image.shape == (1, 3, 128, 128) and face.image.dtype == torch.float32
        assert face.image.min() >= 0 and face.image.max() <= 1 and face.image.std() > 0.1
    assert all("public domain" in gallery[name].credit for name in ("astronaut", "grace-hopper"))


def test_the_shared_faces(shared_data: Path) -> None:
    """438 photographs of FFHQ lead all figures; they are 128x128 as they lie there, and read as they are."""
    files = FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    assert len(files) == 438
    entry = files.entries[100]
    theirs = np.asarray(Image.open(io.BytesIO(entry.read())).convert("RGB"))
    assert theirs.shape == (128, 128, 3)
    assert np.array_equal(files.batch(torch.tensor([100]))[0].permute(1, 2, 0).numpy(), theirs)
    assert not files.unreadable
