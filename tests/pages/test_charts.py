"""The charts as they are sent to the browser: every name keeps its colour, and what is no number is left out."""

import json

from streamlit.testing.v1 import AppTest

SCRIPT = """
import altair as alt
from pages.parts import charts

names = ["first", "second", "a third one with a long name"]
rows = [{{"x": x, "y": float(x), "of": name}} for name in {shown} for x in (0, 1)]
rows.append({{"x": 2, "y": float("inf"), "of": {shown}[0]}})
x, y = (alt.X("x", type="quantitative"), alt.Y("y", type="quantitative"))
charts.line_chart(rows, x, y, says="Lines.", series="of", names=names, at=0.5)
charts.line_chart(rows, x, y, says="Bare.", series="of", names=names, band=("y", "y"))
charts.histogram([0.0, 1.0, 2.0], [3, 4], says="Bars.", x="error", y="digits", at=9.0)
"""


def specs(shown: list[str]) -> list[dict]:
    page = AppTest.from_string(SCRIPT.format(shown=shown), default_timeout=60).run()
    assert not page.exception
    return [json.loads(element.proto.spec) for element in page.get("vega_lite_chart")]  # type: ignore[union-attr]


def test_a_name_keeps_its_colour_whichever_others_are_shown() -> None:
    def colour(shown: list[str]) -> dict:
        return specs(shown)[0]["layer"][0]["encoding"]["color"]

    few, all_of_them = colour(["second"]), colour(["first", "second", "a third one with a long name"])
    assert few["scale"]["domain"] == all_of_them["scale"]["domain"]
    assert few["legend"]["values"] == ["second"]
    assert few["legend"]["labelLimit"] == 0  # never cut


def test_what_is_no_number_is_left_out() -> None:
    lines, *_ = specs(["first"])
    rows = lines["layer"][0]["data"]["values"]
    assert [(row["x"], row["y"]) for row in rows] == [(0, 0.0), (1, 1.0)]


def test_every_layer_brings_its_figures_along() -> None:
    """Figures at the top of a chart would come to the browser after it, and Vega would complain meanwhile."""
    for chart in specs(["first"]):
        assert "data" not in chart and all(layer["data"]["values"] for layer in chart["layer"])


def test_a_legend_takes_nothing_from_the_lines_height() -> None:
    one, *_ = specs(["first"])
    three, *_ = specs(["first", "second", "a third one with a long name"])
    assert three["height"] > one["height"]


def test_a_mark_beyond_the_last_bar_stands_at_its_end_and_is_seen_in_both_themes() -> None:
    *_, bars = specs(["first"])
    rule = bars["layer"][1]
    assert rule["encoding"]["x"]["datum"] == 2.0
    assert rule["mark"]["color"] not in ("black", None) and bars["description"] == "Bars."
