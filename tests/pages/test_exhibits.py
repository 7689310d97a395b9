"""The exhibits of the codes page without a browser: each runs, its code runs, bad input is said."""

import io

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.corruptions import masks
from engine.datasets import mnist
from pages.parts.address import text_of
from tests.pages.opened_page import open_page

LATENT = [
    "Map",
    "Walk",
    "By chance",
    "Nobody",
    "Faces",
    "Squeeze",
    "Strangers",
    "Your own file",
]
MAPS = ["Autoencoder", "Variational autoencoder", "Principal components", "UMAP", "Faces"]


def check(page: AppTest) -> None:
    """No error, and the code that is shown runs in the repository's folder."""
    assert not page.exception and not page.error
    exec(page.code[-1].value, {})


@pytest.mark.parametrize("exhibit", LATENT)
def test_an_exhibit_of_the_codes(exhibit: str) -> None:
    check(open_page("codes", exhibit=exhibit))


@pytest.mark.parametrize("finish", ["As decoded", "Finished by the painter"])
def test_a_walk_of_faces_is_finished_or_as_decoded(finish: str) -> None:
    """The switch is kept from exhibit to exhibit; every code makes what is shown."""
    page = open_page("codes", exhibit="Walk", code="Faces", finish=finish)
    check(page)
    assert ("enhancement.finish(" in page.code[-1].value) == (finish == "Finished by the painter")
    page.button_group(key="exhibit").set_value("Nobody").run()
    check(page)
    assert page.button_group(key="finish").value == finish


def test_the_mean_face_is_nobody_to_finish() -> None:
    page = open_page("codes", exhibit="Faces", smile="0")
    page.selectbox(key="start").set_value("The mean face").run()
    check(page)
    assert "enhancement.finish(" not in page.code[-1].value
    assert any("finds no face in it" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"finish": "Gilded"}, "finish = “Gilded”"),
        ({"exhibit": "Walk", "code": "Faces", "face1": "99999"}, "face1 = “99999”"),
    ],
)
def test_an_address_of_a_face_that_there_is_not(query: dict[str, str], said: str) -> None:
    page = open_page("codes", **query)
    assert not page.exception and not page.error
    assert [said in info.value for info in page.info] == [True]


def test_the_dials_begin_at_the_face_of_the_address_under_its_mask() -> None:
    mask = text_of([{"box": list(masks.FEATURES["both eyes"])}])
    page = open_page("codes", exhibit="Faces", face="Grace Hopper", mask=mask)
    check(page)
    assert page.selectbox(key="start").value == "Grace Hopper"
    assert any("with its hole" in caption.value for caption in page.caption)
    page.selectbox(key="start").select("Portrait 1").run()  # a choice of one's own stays
    assert page.selectbox(key="start").value == "Portrait 1"
    assert not any("with its hole" in caption.value for caption in page.caption)
    page = open_page("codes", exhibit="Faces", face="Grace Hopper", mask=mask[:-3])
    assert not page.exception and any("damaged" in info.value for info in page.info)


@pytest.mark.parametrize("title", MAPS)
def test_a_map(title: str) -> None:
    page = open_page("codes", exhibit="Map", map=title)
    check(page)
    cannot = [info.value for info in page.info if "cannot decode" in info.value]
    assert bool(cannot) == (title == "UMAP")


@pytest.mark.parametrize(("off", "held"), [([], "10,000"), ([1, 7], "7,837"), (["1", 1.0, -1, True, None], "10,000")])
def test_the_lasso_holds_the_classes_that_are_shown(off: list, held: str) -> None:
    """Of the 10,000 test digits 1,135 are a 1 and 1,028 a 7."""
    page = open_page("codes", exhibit="Map")
    everywhere = [[-99, -99], [99, -99], [99, 99], [-99, 99]]
    page.session_state["map autoencoder"] = {"answer": {"lasso": everywhere, "off": off}}
    page.run()
    assert not page.exception
    assert any(f"{held} codes in the lasso" in markdown.value for markdown in page.markdown)


@pytest.mark.parametrize("drawn", ["points", "pictures", "decoder"])
def test_what_stands_on_a_map_comes_from_the_address(drawn: str) -> None:
    page = open_page("codes", exhibit="Map", drawn=drawn)
    check(page)
    assert page.button_group(key="drawn").value == drawn
    page = open_page("codes", exhibit="Map", map="UMAP", drawn=drawn)  # which cannot decode
    check(page)
    assert page.button_group(key="drawn").value == (drawn if drawn != "decoder" else "points")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"lasso": [[900, 900], [901, 900], [901, 901]]}, "The lasso holds no point"),
        ({"pick": [float("nan"), 0]}, ""),
        ({"pick": [1e300, -1e300]}, ""),  # outside the map: clamped to its edge
        ("junk", ""),
    ],
)
def test_what_the_map_may_send(answer: object, said: str) -> None:
    page = open_page("codes", exhibit="Map")
    page.session_state["map autoencoder"] = {"answer": answer}
    page.run()
    assert not page.exception and not page.error
    assert any(said in info.value for info in page.info) or not said


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


GOOD = {
    "codes.csv": b"z1,z2\n0.5,1\n-2,0.25\n",
    "images.npz": npz(images=np.zeros((3, 28, 28), np.uint8)),
}
BAD = {
    "words.csv": b"a,b\n1,two\n",
    "wide.csv": b"1,2,3\n",
    "nan.csv": b"1,nan\n",
    "empty.csv": b"",
    "huge.csv": b"1e9,1\n",
    "shape.npz": npz(images=np.zeros((3, 5, 5))),
    "pickle.npz": npz(images=np.array([{"a": 1}], dtype=object)),
    "torn.npz": npz(images=np.zeros((3, 28, 28)))[:200],
}


@pytest.mark.parametrize("name", GOOD)
def test_own_points_are_shown(name: str) -> None:
    page = open_page("codes", exhibit="Your own file")
    page.file_uploader[0].set_value((name, GOOD[name], "application/octet-stream")).run()
    assert not page.exception and not page.error
    assert any("of your rows" in text.value for text in page.markdown)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_said_and_the_former_one_stays(name: str) -> None:
    page = open_page("codes", exhibit="Your own file")
    page.file_uploader[0].set_value(("codes.csv", GOOD["codes.csv"], "text/csv")).run()
    page.file_uploader[0].set_value((name, BAD[name], "application/octet-stream")).run()
    assert not page.exception
    assert len(page.error) == 1
    assert any("2 of your rows" in text.value for text in page.markdown)


@pytest.mark.parametrize("dark", [True, False])
def test_digits_are_turned_and_turned_back(dark: bool) -> None:
    """Dark ink is turned unasked and said; the switch undoes it, and turns what nobody had turned."""
    pixels = mnist.test_half().images[:3].numpy()
    file = io.BytesIO()
    np.savez(file, images=255 - pixels if dark else pixels)
    page = open_page("codes", exhibit="Your own file")
    page.file_uploader[0].set_value(("mine.npz", file.getvalue(), "application/octet-stream")).run()
    switch = page.toggle(key=f"turned {dark}")
    assert switch.value == dark
    assert any("the switch turns them back" in info.value for info in page.info) == dark
    distance = page.caption[-1].value
    switch.set_value(not dark).run()
    assert not page.exception and not page.error
    assert page.toggle(key=f"turned {dark}").value != dark and page.caption[-1].value != distance
