"""How fast faces reach training: two rows, counted by the clock."""

import pytest

from engine.training import loader_speed


def test_a_row_from_tars_and_a_row_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader_speed, "EACH", 8)
    head, _, tars, memory, _, share = loader_speed.table(steps=2).splitlines()
    assert "faces a second" in head and "from 8 tars" in tars and "from memory" in memory
    assert all(float(row.split("|")[-2].replace(",", "")) > 0 for row in (tars, memory))
    assert share.startswith("From tars ")


@pytest.mark.measure
def test_the_loader_starves_no_gpu() -> None:
    said = loader_speed.table()
    print(said)
    tars, memory = (float(row.split("|")[-2].replace(",", "")) for row in said.splitlines()[2:4])
    assert tars >= 5000 or tars >= 0.9 * memory
