"""The catalogue of words: complete, used, and with the values that its sentences ask for."""

import ast
import re
import string

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
