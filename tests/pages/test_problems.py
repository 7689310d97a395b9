"""What the engine refuses, in the visitor's language: every sentence that a page may show has its translation."""

import ast
import copy
import importlib
import string

import pytest
from streamlit.testing.v1 import AppTest

from engine.problem import Problem
from pages.parts import problems
from pages.parts.problems import told, translations
from tests.conftest import ROOT

# Only the command line, or who writes Python, meets what these refuse: English is their language.
ENGLISH_ONLY = {
    *("__main__", "arguments", "typed_command", "files", "tables"),
    *("corruptions.masks", "datasets.faces", "datasets.picture_files", "datasets.shards", "evaluation", "latent.dials"),
    *("models.recipes", "models.model_card", "networks.vgg_features", "photos.compositing"),
    *(f"restoration.{name}" for name in ("file_restoration", "folder_restoration", "masked_images", "unet_input")),
    *(
        f"restoration.{name}"
        for name in ("address", "ray_restoration", "restored_picture", "result_file", "result_record")
    ),
    *(f"training.{name}" for name in ("adversarial", "checkpoint", "loop", "place", "run_folder", "supervised")),
}
# Beginnings of the same in rooms that pages use.
ENGLISH_ONLY_SENTENCES = (
    *("'{path", "'{name}' could not be fetched", "The digits in '{path.name}' are dark", "This model ("),
    *("'{key}' holds numbers", "Several answers are drawn", "{max(LABELS):,} digits", "UMAP is not installed"),
)


def is_english_only(module: str) -> bool:
    return any(f"{module}.".startswith(f"engine.{room}.") for room in ENGLISH_ONLY)


def refusals() -> list[tuple[str, ast.expr]]:
    """Module and sentence of every `Problem(...)` of the engine that a page may meet."""
    found = []
    for path in sorted((ROOT / "engine").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if is_english_only(module):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                found.append((module, node.args[0]))
    return found


def sentence(module: str, node: ast.expr) -> str | None:
    """As it is looked up: constants of the module filled in; None for one that is made elsewhere.

    An f-string with a value of its function has no translation: such a value belongs behind the sentence, by name.
    """
    source = ast.unparse(node)
    if any(source.lstrip("f'\"").startswith(beginning.lstrip("'")) for beginning in ENGLISH_ONLY_SENTENCES):
        return None
    if source.startswith("said["):  # what the process of a training has said
        return None
    return eval(source, vars(importlib.import_module(module)))  # NameError: a value of the function


def places(text: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


SENTENCES = sorted({found for module, node in refusals() if (found := sentence(module, node))})


def test_every_sentence_is_translated_with_its_places() -> None:
    chinese = translations("zh-TW")
    assert len(SENTENCES) > 80
    assert not set(SENTENCES) - chinese.keys(), "no translation"
    assert not chinese.keys() - set(SENTENCES), "translated, and said by nobody"
    for english in SENTENCES:
        assert places(english) == places(chinese[english]), english
        assert chinese[english] != english
    assert not translations("en")


def test_a_problem_is_told_in_the_language_of_the_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("There is no model '{file}': choose another one (each has its folder in weights/).", file="x*y")
    assert str(problem).startswith("There is no model 'x*y'") and told(problem).startswith("There is no model 'x\\*y'")
    monkeypatch.setattr(problems, "language", lambda: "zh-TW")
    assert told(problem) == "沒有「x\\*y」這個模型：請選另一個（每個在 weights/ 裡有自己的資料夾）。"
    assert told(Problem("Braces {stay}.")) == "Braces {stay}."


def test_a_page_tells_it_so() -> None:
    page = AppTest.from_string(
        "from engine.photos import gallery\nfrom engine import images\nfrom pages.parts.problems import problems_said\n"
        "with problems_said():\n    images.open_image(b'')"
    )
    page.query_params["lang"] = "zh-TW"
    page.run()
    assert [error.value for error in page.error] == ["這個檔案是空的，也許上傳中斷了：請重新選擇。"]


def test_a_problem_is_itself_after_a_copy() -> None:
    """As it is on its way from one process to another."""
    again = copy.copy(Problem("{count} of them.", count=3))
    assert (str(again), again.sentence, again.values) == ("3 of them.", "{count} of them.", {"count": 3})
