"""Own points: what is read, and one clear sentence for whatever is not."""

import io
import time
import tracemalloc
import zipfile
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import mnist
from engine.latent import code_file
from engine.problem import Problem


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def bomb() -> bytes:
    """An .npz of a few kilobytes that unfolds to 160 MB."""
    return npz(images=np.zeros((25_000, 784), dtype=np.float64))


def document() -> bytes:
    """A ZIP that is none of NumPy's, as a spreadsheet is one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


def pickled() -> bytes:
    return npz(images=np.array([{"a": 1}, None], dtype=object))


def text(*rows: str) -> bytes:
    return "\n".join(rows).encode()


@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28), (5, 1, 28, 28)])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_images_from_npz(shape: tuple[int, ...], kind: type) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, 5 * 784).reshape(shape)
    values = pixels.astype(kind) if kind is np.uint8 else (pixels / 255).astype(kind)
    found = code_file.load("a file", npz(images=values, labels=np.arange(5)))
    assert found.kind == "images" and found.values.shape == (5, 1, 28, 28) and len(found) == 5
    assert torch.allclose(found.values.flatten(), torch.from_numpy(pixels / 255).float().flatten(), atol=1e-6)
    assert found.labels is not None and found.labels.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["codes", "z", "whatever"])
def test_codes_from_npz(name: str) -> None:
    codes = np.array([[0.5, -1.25], [3, 4]])
    found = code_file.load("a file", npz(**{name: codes}))
    assert found.kind == "codes" and found.labels is None
    assert found.values.tolist() == codes.tolist()


@pytest.mark.parametrize(
    "content",
    [
        text("0.5,-1.25", "3,4"),
        text("z1,z2", "0.5,-1.25", "3,4", ""),
        text("z1;z2", "0.5;-1.25", "3;4"),
        "\ufeffz1,z2\r\n0.5,-1.25\r\n3,4\r\n".encode(),
    ],
)
def test_codes_from_csv(content: bytes) -> None:
    found = code_file.load("a file", content)
    assert found.kind == "codes" and found.values.tolist() == [[0.5, -1.25], [3.0, 4.0]]


def test_labelled_digits_from_csv() -> None:
    pixels = ",".join(["0"] * 783 + ["255"])
    heading = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    found = code_file.load("a file", text(heading, f"7,{pixels}", f"1,{pixels}"))  # as MNIST is passed around in CSV
    assert found.kind == "images" and found.labels is not None and found.labels.tolist() == [7, 1]
    assert found.values[:, 0, 27, 27].tolist() == [1, 1] and found.values.sum() == 2


def test_codes_of_another_size() -> None:
    assert code_file.load("a file", npz(codes=np.zeros((3, 50))), code_size=50).values.shape == (3, 50)


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "too large": (b"1,2\n" * (6 * 2**20), "larger than 20 MB"),
    "a bomb": (bomb(), "unfolds to more"),
    "a pickle": (pickled(), "pickle"),
    "an .npy": (b"\x93NUMPY\x01\x00", "damaged"),
    "half a file": (npz(codes=np.zeros((9, 2)))[:-40], "damaged"),
    "a zip": (b"PK\x03\x04" + b"\0" * 40, "damaged"),
    "a document": (document(), "no arrays of NumPy"),
    "both digits and codes": (npz(images=np.zeros((2, 784)), codes=np.zeros((2, 2))), "both 'images' and 'codes'"),
    "infinite in half precision": (npz(codes=np.array([[np.inf, 0]], np.float16)), "missing or infinite"),
    "two arrays": (npz(a=np.zeros((2, 2)), b=np.zeros((2, 2))), "several arrays"),
    "words": (npz(codes=np.array([["a", "b"]])), "other than numbers"),
    "complex": (npz(codes=np.zeros((2, 2), complex)), "other than numbers"),
    "a scalar": (npz(codes=np.float64(3)), "no rows"),
    "no rows": (npz(codes=np.zeros((0, 2))), "no rows"),
    "too many rows": (npz(codes=np.zeros((10_001, 2))), "10,001 rows"),
    "too many lines": (b"1,2\n" * 10_001, "10,001 rows"),
    "three numbers": (npz(codes=np.zeros((4, 3))), "A row has 3 numbers"),
    "no digit": (npz(images=np.zeros((4, 32, 32))), "A row has 1024 numbers"),
    "nan": (npz(codes=np.array([[np.nan, 0]])), "missing or infinite"),
    "inf": (text("inf,0"), "missing or infinite"),
    "gigantic": (text("1e30,0"), "beyond 10,000"),
    "text in numbers": (text("1,2", "3,four"), "Row 2 of the CSV has 'four'"),
    "text under a heading": (text("x,y", "1,2", "3,four"), "Row 3"),
    "an empty cell": (text("1,2", "3,"), "Row 2 of the CSV has an empty cell"),
    "ragged": (text("1,2", "3,4,5"), "3 columns"),
    "heading only": (text("x,y"), "no rows"),
    "binary": (b"\xff\xfe\x00\x01", "neither"),
    "a lone quote": (b'"1,2', "neither"),
    "negative pixels": (npz(images=-np.ones((1, 784))), "Pixels go from"),
    "pixels above 255": (npz(images=256 * np.ones((1, 784))), "Pixels go from"),
    "labels of another length": (npz(codes=np.zeros((3, 2)), labels=np.zeros(2)), "labels"),
    "labels above 9": (npz(codes=np.zeros((3, 2)), labels=np.array([0, 1, 10])), "labels"),
    "labels that are words": (npz(codes=np.zeros((1, 2)), labels=np.array(["a"])), "other than numbers"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_one_sentence(name: str) -> None:
    content, said = BAD[name]
    with pytest.raises(Problem, match=said) as caught:
        code_file.load("a file", content)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_nothing_else_is_raised(content: bytes) -> None:
    try:
        found = code_file.load("a file", content)
    except Problem:
        return
    assert torch.isfinite(found.values).all()


@given(st.text(alphabet="0123456789.,;-+eEnaif_\"'\n\t ", max_size=60))
def test_whatever_the_text_nothing_else_is_raised(content: str) -> None:
    try:
        found = code_file.load("a file", content.encode())
    except Problem:
        return
    assert torch.isfinite(found.values).all() and found.values.abs().max() <= 10_000


def test_a_pickle_inside_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": (1,)})
        archive.writestr("codes.npy", header.getvalue() + b"cbuiltins\nprint\n(S'run'\ntR.")
    with pytest.raises(Problem, match="pickle"):
        code_file.load("a file", buffer.getvalue())


@pytest.mark.parametrize("name", ["images", "Images", "X", "arr_0"])
def test_an_array_is_told_by_its_name_in_capitals_or_not(name: str) -> None:
    pixels = mnist.test_half().images[:3, 0].numpy().astype(np.float16) / 255
    found = code_file.load("a file", npz(**{name: pixels}))
    assert found.kind == "images" and (found.values[:, 0].numpy() - pixels).__abs__().max() < 1e-3
    if name != "arr_0":
        assert code_file.load("a file", npz(**{name: pixels, "Y": np.arange(3)})).labels is not None


def test_a_file_is_what_it_holds_and_no_name_is_asked() -> None:
    """An array alone, as numpy.save writes it; the fuzz of the archives' arrays goes through the same reader."""
    codes = np.array([[1.5, -2], [0, 3]])
    file = io.BytesIO()
    np.save(file, codes)
    assert code_file.load("a file", file.getvalue()).values.tolist() == codes.tolist()


def test_csv_comes_back() -> None:
    codes, labels = torch.tensor([[0.5, -1.25], [1e-7, 3.0]]), torch.tensor([3, 9])
    again = code_file.load("a file", code_file.to_csv(codes, labels).encode())
    assert torch.allclose(again.values, codes) and again.labels is not None and again.labels.tolist() == [3, 9]
    assert code_file.to_csv(codes, labels, torch.tensor([7, 42])).splitlines()[:2] == [
        "number,z1,z2,label",
        "7,0.5,-1.25,3",
    ]


# ---------------------------------------------------------------- files as other programs write them

CODES = [[0.5, -1.5], [2.25, 3.0]]


@pytest.mark.parametrize(
    "text",
    [
        "z1,z2\n0.5,-1.5\n2.25,3.0\n",
        "number,z1,z2,label\n7,0.5,-1.5,1\n9,2.25,3,4\n",  # under a lasso
        ",z1,z2\n0,0.5,-1.5\n1,2.25,3.0\n",  # pandas with its index
        ",0,1\n0,0.5,-1.5\n1,2.25,3.0\n",
        "0,1\n0.5,-1.5\n2.25,3.0\n",  # pandas without it
        ",0,1,label\n0,0.5,-1.5,3\n1,2.25,3.0,4\n",
        "Unnamed: 0,z1,z2\n0,0.5,-1.5\n1,2.25,3.0\n",
        "id;z1;z2;class\r\n1;0,5;-1,5;3\r\n2;2,25;3,0;4\r\n",
        "0,5;-1,5\r\n2,25;3,0\r\n",
        "sep=;\r\nz1;z2\r\n0.5;-1.5\r\n2.25;3\r\n",
        "sep=,\nz1,z2\n0.5,-1.5\n2.25,3\n",
        "z1\tz2\n0,5\t-1,5\n2,25\t3\n",
        'z1,z2\n"0,5","-1,5"\n"2,25","3,0"\n',
        "\ufeffz1;z2\n0.5;-1.5\n2.25;3\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_csv_of_any_program_is_the_same_codes(text: str, encoding: str) -> None:
    mine = code_file.load("a file", text.removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding))
    assert mine.kind == "codes" and mine.values.tolist() == CODES


@pytest.mark.parametrize(("numbered", "labelled"), [(False, False), (True, False), (False, True), (True, True)])
def test_every_csv_that_is_offered_loads_again(numbered: bool, labelled: bool) -> None:
    codes, labels = torch.tensor(CODES), torch.tensor([3, 4])
    text = code_file.to_csv(codes, labels if labelled else None, torch.tensor([70, 90]) if numbered else None)
    mine = code_file.load("a file", text.encode())
    assert torch.equal(mine.values, codes) and (mine.labels is not None) == labelled


@pytest.mark.parametrize(
    "text",
    ["1.234,5;2\n", "0,5;x\n", "0;1;2\n", "z1;z2\n", "1,234;2\n", '"1,234",2\n"5,678",7\n', "1,5;0.5\n", "1 234;2\n"],
)
def test_a_number_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        code_file.load("a file", text.encode())


def as_npz(images: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.savez(content, images=images)
    return content.getvalue()


def test_a_rounding_error_above_one_is_clipped_and_nothing_is_guessed() -> None:
    pixels = mnist.test_half().images[:9].numpy().astype(np.float32) / 255
    exact = code_file.load("a file", as_npz(pixels)).values
    for factor in (1.0000005, 1.001):
        near = code_file.load("a file", as_npz(pixels * np.float32(factor))).values
        assert near.max() == 1 and (near - exact).abs().max() <= 0.0011
    assert (code_file.load("a file", as_npz(pixels - np.float32(0.0005))).values - exact).abs().max() <= 0.0006
    assert torch.allclose(code_file.load("a file", as_npz((pixels * 255).astype(np.uint8))).values, exact)
    for unclear in (pixels * 1.5, pixels - 0.1, pixels * 300):
        with pytest.raises(Problem, match="0 to 1, or 0 to 255"):
            code_file.load("a file", as_npz(unclear))


@pytest.mark.parametrize("scale", [1, 255])
def test_dark_ink_on_light_paper_is_turned_and_said(scale: int) -> None:
    pixels = mnist.test_half().images[:9].numpy().astype(np.float32) / 255
    turned = code_file.load("a file", as_npz((1 - pixels) * scale))
    assert turned.turned and (turned.values.numpy() - pixels).__abs__().max() < 1e-5
    assert not code_file.load("a file", as_npz(pixels * scale)).turned
    back = turned.negative()
    assert not back.turned and (back.values.numpy() - (1 - pixels)).__abs__().max() < 1e-5


def hostile(header: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    """An .npz whose one array says this of itself."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("codes.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(64))
    return file.getvalue()


def said_of(shape: str) -> bytes:
    return f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()


HOSTILE = {
    "a shape of truth": hostile(said_of("(True, 2)")),
    "a shape beyond all": hostile(said_of("(3, 2**70)")),
    "a shape of 2**70": hostile(said_of(f"(3, {2**70})")),
    "a shape below nothing": hostile(said_of("(-1, 2)")),
    "nine thousand minus signs": hostile(said_of("(" + "-" * 9000 + "1, 2)")),
    "nested brackets": hostile(said_of("(" * 3000)),
    "no header": hostile(b"\xff" * 100),
    "LZMA, cut": hostile(said_of("(4, 2)"), zipfile.ZIP_LZMA)[:-70],
    "encrypted": hostile(said_of("(4, 2)"))
    .replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    .replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
    "more than ten thousand digits": hostile(said_of("(9999, 9999)")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_npz_is_judged_by_what_it_says_before_it_is_unfolded(name: str) -> None:
    with pytest.raises(Problem) as caught:
        code_file.load("a file", HOSTILE[name])
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"1\n" * (10 * 2**20),
        b"," * (20 * 2**20),
        b"1;" * (10 * 2**20),
        b"\n" * (20 * 2**20 - 1) + b"1",
        b'"' * (20 * 2**20),
        (b"12," * 8000 + b"12\n") * 860,
    ],
    ids=["rows of one number", "commas", "semicolons", "blank lines", "quotes", "wide rows"],
)
def test_twenty_megabytes_of_anything_are_refused_before_the_work(content: bytes) -> None:
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(Problem):
        code_file.load("a file", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 2 and peak < 300e6


@pytest.mark.parametrize("side", [89, 90])  # 79 MB and 81, of which one is refused by the archive's own word
def test_images_of_one_byte_a_pixel_are_refused_before_they_are_unfolded(side: int) -> None:
    content = npz(images=np.zeros((10_000, side, side), np.uint8))
    tracemalloc.start()
    with pytest.raises(Problem, match="larger than 10,000 digits|unfolds to more than 80 MB"):
        code_file.load("a file", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10e6


def test_too_many_digits_are_said_to_be_too_many_rows() -> None:
    with pytest.raises(Problem, match="20,000 rows"):
        code_file.load("a file", npz(images=np.zeros((20_000, 28, 28), np.uint8)))
    with pytest.raises(Problem, match="10,001 rows"):
        code_file.load("a file", b"0.5,0.5\n" * 10_001)
