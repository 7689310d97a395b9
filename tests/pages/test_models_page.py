"""The models page without a browser: a line for each network that ships, and what stands in it."""

import json
import shutil
from functools import partial
from typing import Any

import pytest

from engine.models import weights
from pages.parts.say import catalogue
from tests.pages import opened_page


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the list was last given."""
    given: dict[str, Any] = {}
    monkeypatch.setattr("pages.components.model_list.model_list._mount", lambda data, **_: given.update(data))
    return given


open_page = partial(opened_page.open_page, "models")


def test_every_network_has_its_line_with_its_own_figures_and_commands(listed: dict[str, Any]) -> None:
    page = open_page()
    assert not page.exception and not page.error
    lines = {model["name"]: model for model in listed["models"]}
    assert sorted(lines) == sorted(weights.names())
    for name, model in lines.items():
        content = weights.config(name)
        assert not model["trouble"]
        assert [catalogue("en")[f"model.{name}.{part}"] for part in ("title", "says", "expect")] == [
            *(model["title"], model["says"], model["expect"]),
        ]
        assert model["bytes"] == (weights.FOLDER / name / "model.safetensors").stat().st_size
        assert [float(value) for _, value in model["figures"]] == pytest.approx(
            [*content["figures"].values()], rel=1e-4
        )
        assert [command for _, command in model["commands"]] == [content["command"], content["evaluate"]]
        assert content["sha256"] in model["foot"] and content["date"] in model["foot"]
        assert model["gpu"] == ("NVIDIA" in content["hardware"])
        assert model["free"] == name.startswith("digit")
        given, answer = model["pair"]
        assert (
            given.startswith("data:image/png;base64,")
            and answer.startswith("data:image/png;base64,")
            and given != answer
        )


def test_a_card_is_opened_by_its_address_and_nonsense_is_said(listed: dict[str, Any]) -> None:
    assert not open_page(model="digit-map").info and listed["opened"] == "digit-map"
    page = open_page(model="digit-mop")
    assert listed["opened"] == "" and len(page.info) == 1 and "digit-mop" in page.info[0].value


def test_a_damaged_network_says_so_in_its_line_and_the_others_stand(
    listed: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "weights"
    for name in ("digit-pca", "digit-map", "digit-autoencoder"):
        shutil.copytree(weights.FOLDER / name, folder / name)
    monkeypatch.setattr(weights, "FOLDER", folder)
    weights.loaded.cache_clear()
    (folder / "digit-map" / "config.json").write_text("{", "utf-8")
    own = json.loads((folder / "digit-autoencoder" / "config.json").read_text("utf-8"))
    (folder / "digit-autoencoder").rename(folder / "digit-mine")
    (folder / "digit-mine" / "config.json").write_text(json.dumps({**own, "name": "digit-mine"}), "utf-8")
    page = open_page()
    weights.loaded.cache_clear()
    assert not page.exception
    lines = {model["name"]: model for model in listed["models"]}
    assert lines["digit-map"]["trouble"].count(".") >= 1 and not lines["digit-pca"]["trouble"]
    assert lines["digit-mine"]["title"] == own["title"] and not lines["digit-mine"]["trouble"]
