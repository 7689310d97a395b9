"""The catalogue of words: complete, used, and with the values that its sentences ask for."""

import ast
import re
import string
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import say as words
from pages.parts.say import catalogue, explained, languages, say
from tests.conftest import ROOT


def asked() -> dict[str, set[str]]:
    """Key -> names of the values, for every `say("...", ...)` of the pages whose key is plain text."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                (key, *_) = node.args
                if isinstance(key, ast.Constant):
                    found[str(key.value)] = {str(value.arg) for value in node.keywords}
    return found


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# What shows its words: the first argument, and these by name.
SHOW = {
    *("title", "header", "subheader", "markdown", "caption", "write", "info", "warning", "error", "success", "toast"),
    *("button", "download_button", "link_button", "page_link", "checkbox", "toggle", "radio", "selectbox", "spinner"),
    *("multiselect", "slider", "select_slider", "text_input", "number_input", "text_area", "file_uploader", "metric"),
    *("camera_input", "segmented_control", "pills", "expander", "popover"),
}
NAMED = {"label", "help", "placeholder", "text", "caption", "note", "alt", "says"}
WORDS = re.compile(r"[A-Za-z]{3,} [a-z]{2,}|^[A-Z][a-z]{2,}$")
BESIDE = {"a file was refused without a word on the page: %s"}  # for the log of the server


def shown_beside_the_catalogue(path: Path) -> list[str]:
    """Words of plain text that a page shows: `say` asks the catalogue, and a plain string does not."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        shown = [one.value for one in node.keywords if one.arg in NAMED]
        shown += node.args[:1] if name in SHOW else node.args if name == "Picture" else []
        for part in shown:
            if isinstance(part, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp):
                texts = [one.value for one in ast.walk(part) if isinstance(one, ast.Constant)]
                found += [f"{path.stem}:{node.lineno} {text}" for text in texts if is_words(text)]
    return found


def is_words(text: object) -> bool:
    return isinstance(text, str) and text not in BESIDE and bool(WORDS.search(text))


def test_nothing_goes_around_the_catalogue(tmp_path: Path) -> None:
    assert not [text for path in sorted((ROOT / "pages").rglob("*.py")) for text in shown_beside_the_catalogue(path)]
    wrong = tmp_path / "wrong.py"
    wrong.write_text("st.button('Train it again', help=f'Takes {n} whole minutes')\nPicture('Original', url)\n")
    assert len(shown_beside_the_catalogue(wrong)) == 3


def test_every_key_is_in_the_catalogue_with_its_values() -> None:
    assert asked()
    for key, values in asked().items():
        assert places(catalogue("en")[key]) == values, key


@pytest.mark.parametrize("language", languages())
def test_a_language_has_no_key_and_no_place_that_english_lacks(language: str) -> None:
    english = catalogue("en")
    for key, sentence in catalogue(language).items():
        assert key in english and places(sentence) == places(english[key]), key


def test_every_glossary_word_has_one_sentence() -> None:
    english = catalogue("en")
    names = {key.removeprefix("word.") for key in english if key.startswith("word.")}
    assert names == {key.removeprefix("glossary.") for key in english if key.startswith("glossary.")}
    assert {"code", "decoder", "psnr", "ssim", "db", "composite", "pca", "u-net"} <= names
    assert {"un-pooling", "epoch", "cross-entropy", "draft", "painter"} <= names
    for name in names:
        sentence = english[f"glossary.{name}"]
        assert sentence[0].isupper() or sentence[0].isdigit(), name
        assert sentence.endswith(".") and not re.search(r"\. [A-Z]", sentence), name


def test_values_stand_in_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "catalogue", lambda language: {"said": "{count} of {all}, {{exactly}}"})
    assert say("said", count=3, all=5) == "3 of 5, {exactly}"
    with pytest.raises(KeyError):
        say("unknown")


def test_a_glossary_word_carries_its_sentence_and_nothing_else_changes() -> None:
    marked = explained("More [[psnr|PSNR in the hole]] is *closer* <b>")
    assert marked.startswith("More <span") and marked.endswith("is *closer* <b>")
    assert ">PSNR in the hole<" in marked and say("glossary.psnr") in marked
    assert f">{say('word.u-net')}<" in explained("[[u-net]]")
    with pytest.raises(KeyError):
        explained("[[no-such-word]]")


def test_a_language_comes_from_the_address_and_english_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"en": catalogue("en"), "xx": {"head.copy": "Xopy"}}
    monkeypatch.setattr(words, "catalogue", known.__getitem__)
    monkeypatch.setattr(words, "languages", lambda: ("en", "xx"))
    for asked_for, said in (("xx", "Xopy"), ("yy", "Copy link")):
        page = AppTest.from_string(
            "import streamlit\nfrom pages.parts.say import say\n"
            "for key in ('head.copy', 'head.name'):\n    streamlit.write(say(key))"
        )
        page.query_params["lang"] = asked_for
        page.run()
        assert [text.value for text in page.markdown] == [said, "Autoencoder by hand"]
