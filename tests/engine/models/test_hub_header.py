"""The header of the cards and the lines that load the weights, for every model that ships."""

import json
import re

import pytest
import torch

from engine.models import hub_header, model_card, weights
from tests.conftest import ROOT


@pytest.mark.parametrize("name", weights.names())
def test_the_header_has_what_hubs_read_and_every_figure(name: str) -> None:
    config = weights.config(name)
    card = (weights.folder(name) / "README.md").read_text()
    head = re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)
    assert head
    fields = dict(line.split(": ", 1) for line in head[1].splitlines() if re.match(r"[a-z_]+: ", line))
    assert fields["pipeline_tag"] == "image-to-image" and json.loads(fields["datasets"])
    assert fields["license"] == config["licence"].lower()
    rows = [json.loads(line.removeprefix("    - ")) for line in head[1].splitlines() if line.startswith("    - {")]
    figures = {key: value for key, value in config["figures"].items() if key not in hub_header.COUNTS}
    assert {row["name"]: row["value"] for row in rows} == {
        key.replace("_", " "): pytest.approx(value, rel=1e-4) for key, value in figures.items()
    }
    assert {row["type"] for row in rows} >= {*json.loads(fields["metrics"])}
    begun = config["recipe"].get("start")
    assert fields.get("base_model") == (begun if begun and begun != name else None)


@pytest.mark.parametrize("name", weights.names())
def test_the_lines_on_the_card_load_the_weights(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"## Load it\n\n```python\n(.*?)\n```", model_card.text(weights.config(name)), re.DOTALL)
    assert code and len(code[1].splitlines()) == 10
    found: dict[str, torch.nn.Module] = {}
    exec(code[1], found)
    ours = weights.load(name).state_dict()
    assert all(torch.equal(value, ours[key]) for key, value in found["network"].state_dict().items())
