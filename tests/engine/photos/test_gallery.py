"""The gallery: what ships has its credits, and a folder of one's own can only add to it."""

import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from PIL import Image

from engine import images
from engine.photos import examples
from engine.photos import gallery as faces
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from tests.bad_files import FILES, heic, saved

Opened = Callable[[Path | str], dict[str, GalleryFace]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the gallery with a folder of one's own and gives back what the folder added."""
    shipped = list(json.loads((faces.GALLERY / "credits.json").read_text("utf-8")))

    def opened(folder: Path | str) -> dict[str, GalleryFace]:
        monkeypatch.setenv(faces.FOLDER, str(folder))
        faces.gallery.cache_clear()
        gallery = faces.gallery()
        assert list(gallery)[: len(shipped)] == shipped
        return {name: face for name, face in gallery.items() if name not in shipped}

    yield opened
    faces.gallery.cache_clear()


def face(shade: int, size: tuple[int, int] = (128, 128)) -> Image.Image:
    return Image.new("RGB", size, (shade, shade, shade))


def test_every_shipped_picture_has_its_credit_and_every_credit_its_picture() -> None:
    credits = json.loads((faces.GALLERY / "credits.json").read_text("utf-8"))
    assert set(credits) == {path.stem for path in faces.GALLERY.glob("*.png")}
    assert all(re.fullmatch(r"[a-z0-9-]+", name) and not name.startswith("own") for name in credits)
    assert len({words["title"] for words in credits.values()}) == len(credits)
    assert not any(one.own for one in faces.gallery().values())


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG and no more"])
def test_a_shipped_picture_that_cannot_be_read_is_left_out_and_named_in_the_log(
    gallery_copy: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    picture, whole = (
        gallery_copy / "astronaut.png",
        list(json.loads((gallery_copy / "credits.json").read_text("utf-8"))),
    )
    picture.unlink() if content is None else picture.write_bytes(content)
    assert list(faces.gallery()) == [name for name in whole if name != "astronaut"]
    assert [record.getMessage() for record in caplog.records] == [
        "skipped an unreadable picture of the gallery: astronaut"
    ]


def test_a_shipped_picture_of_another_size_is_left_out(gallery_copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    images.open_image(faces.GALLERY / "astronaut.png").resize((64, 64)).save(gallery_copy / "astronaut.png")
    assert "astronaut" not in faces.gallery() and len({face.image.shape for face in faces.gallery().values()}) == 1
    assert caplog.messages == ["skipped an unreadable picture of the gallery: astronaut"]


WORDS = {"title": "x", "credit": "y"}
DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    "content",
    [
        *(None, b"{", b"\xff", b"[]", b'{"astronaut": {"title": "x"}}', b'{"astronaut": 3}', DEEP),
        *(json.dumps({name: WORDS}).encode() for name in ("../gallery/astronaut", "..", "/etc/x", "a b", "")),
        json.dumps({"astronaut": WORDS | {"title": ["x"]}}).encode(),
        json.dumps({"astronaut": WORDS | {"credit": None}}).encode(),
    ],
    ids=lambda content: str(content)[:40],
)
def test_a_damaged_list_of_faces_is_one_sentence(gallery_copy: Path, content: bytes | None) -> None:
    listed = gallery_copy / "credits.json"
    listed.unlink() if content is None else listed.write_bytes(content)
    with pytest.raises(Problem, match=r"credits.json, is damaged: `git checkout -- engine/data` brings it back\."):
        faces.gallery()


def test_a_gallery_without_a_readable_face_is_one_sentence(gallery_copy: Path) -> None:
    for picture in gallery_copy.glob("*.png"):
        picture.unlink()
    with pytest.raises(Problem, match="Not one face of the gallery"):
        faces.gallery()


def test_a_generated_face_is_no_photograph_and_all_others_are(gallery_copy: Path) -> None:
    listed = json.loads((gallery_copy / "credits.json").read_text("utf-8"))
    listed["nobody-test"] = {"title": "Nobody", "credit": "nobody", "photograph": False}
    (gallery_copy / "credits.json").write_text(json.dumps(listed))
    shutil.copy(gallery_copy / "astronaut.png", gallery_copy / "nobody-test.png")
    found = {name: face.photograph for name, face in faces.gallery().items()}
    assert found["astronaut"] and found["grace-hopper"] and not found["nobody-test"]
    portraits = [f"portrait-{number}" for number in range(1, 13)]
    assert [name for name, photograph in found.items() if photograph] == [
        "portrait-1",
        "astronaut",
        "grace-hopper",
        *portraits[1:],
    ]
    assert all(faces.gallery()[name].credit == "official portrait, public domain" for name in portraits)


def test_own_faces_follow_those_that_ship(tmp_path: Path, opened: Opened) -> None:
    portrait = images.open_image(faces.GALLERY / "grace-hopper.png")
    portrait.save(tmp_path / "Aunt Mary.png")
    (tmp_path / "zoe.HEIC").write_bytes(heic(face(90, (200, 100))))
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "deeper").mkdir()
    portrait.save(tmp_path / "deeper" / "hidden.png")
    own = opened(tmp_path)
    assert list(own) == ["own-aunt-mary", "own-zoe"]
    mary = own["own-aunt-mary"]
    assert mary.name == "own-aunt-mary" and mary.title == "Aunt Mary" and mary.own and mary.photograph
    assert torch.equal(mary.image, images.to_tensor(portrait))  # 128x128 already: not a pixel is touched
    assert all(one.image.shape == (1, 3, 128, 128) and str(tmp_path) not in one.credit for one in own.values())


def test_a_photo_is_framed_as_the_networks_know_it(tmp_path: Path, opened: Opened) -> None:
    """The example photo has two tilted portraits: the larger one comes out upright, much like what it was made of."""
    (tmp_path / "group.jpg").write_bytes(examples.two_portraits())
    (found,) = opened(tmp_path).values()
    portrait = faces.gallery()["astronaut"].image
    assert (found.image - portrait).abs().mean() < 0.08


@pytest.mark.parametrize(
    ("stem", "name", "title"),
    [
        ("Zoë Müller", "own-zoe-muller", "Zoë Müller"),
        ("\N{CAMERA}", "own-face", "Face"),
        ("\u5f35\u4e09", "own-face", "\u5f35\u4e09"),
        ("..", "own-face", "Face"),
        ("a_b*c`d`[x](y)<b>$z$", "own-a-b-c-d-x-y-b-z", "a b c d x y b z"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe", "own-gnp-exe", "gnp exe"),
        ("x" * 200, "own-" + "x" * 40, "x" * 40),
        ("Grace Hopper", "own-grace-hopper", "Grace Hopper 2"),  # one of that name ships
    ],
)
def test_names_are_safe(tmp_path: Path, opened: Opened, stem: str, name: str, title: str) -> None:
    (tmp_path / f"{stem}.png").write_bytes(saved(face(50), "PNG"))
    (own,) = opened(tmp_path).values()
    assert (own.name, own.title) == (name, title)


def test_names_are_each_ones_own(tmp_path: Path, opened: Opened) -> None:
    for number, file in enumerate(["a.png", "a.jpg", "a_.png", "a-2.png", "ä.png"]):
        face(40 * number + 9).save(tmp_path / file)
    own = opened(tmp_path)
    assert len(own) == 5 and len({one.title for one in own.values()}) == 5
    assert {round(one.image.mean().item() * 255) // 40 for one in own.values()} == {0, 1, 2, 3, 4}


def test_unreadable_files_are_counted_once_and_not_named(
    tmp_path: Path, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    bad = [file.make() for file in FILES.values() if file.says][:20]
    for number, content in enumerate(bad):
        (tmp_path / f"secret{number}.png").write_bytes(content)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    face(77).save(tmp_path / "good.png")
    with caplog.at_level(logging.WARNING):
        own = opened(tmp_path)
    assert list(own) == ["own-good"]
    said = " ".join(record.getMessage() for record in caplog.records)
    assert len(caplog.records) == 2 and f"skipped {len(bad)} of {len(bad) + 1}" in said
    assert "folders in it (1)" in said and "links that lead nowhere (1)" in said
    assert "secret" not in said and str(tmp_path) not in said


def test_two_hundred_are_enough(
    tmp_path: Path, opened: Opened, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faces.MAX_OWN == 200
    monkeypatch.setattr(faces, "MAX_OWN", 5)
    for number in range(9):
        (tmp_path / f"{number}.png").write_bytes(saved(face(number), "PNG"))
    with caplog.at_level(logging.WARNING):
        assert list(opened(tmp_path)) == [f"own-{number}" for number in range(5)]
    assert "only the first 5 faces are shown, 4 files are left" in caplog.records[-1].getMessage()


@pytest.mark.parametrize("where", ["nowhere", "a file.png"])
def test_a_folder_that_is_not_there_is_said_and_the_rest_stands(
    tmp_path: Path, opened: Opened, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    face(5).save(tmp_path / "a file.png")
    with caplog.at_level(logging.WARNING):
        assert opened(tmp_path / where) == {}
    assert "no folder that can be read" in caplog.records[-1].getMessage()
    assert str(tmp_path) not in caplog.text


def test_an_empty_folder_or_none_adds_nothing(tmp_path: Path, opened: Opened) -> None:
    assert opened(tmp_path) == {} and opened("") == {}


def test_the_gallery_is_read_once(tmp_path: Path, opened: Opened) -> None:
    face(1).save(tmp_path / "one.png")
    opened(tmp_path)
    (tmp_path / "one.png").unlink()
    assert "own-one" in faces.gallery()
