"""The same ten digits through codes of 2 to 300 numbers: one layer, two layers, principal components."""

import altair as alt
import streamlit as st

from engine import images
from engine.datasets import mnist
from engine.training import digit_grid
from pages.components.lesson_strips.lesson_strips import Strip, lesson_strips
from pages.lessons.choice import seen
from pages.lessons.step import Shown
from pages.parts import charts
from pages.parts.say import say

KEY, LINEAR = "code size", "principal components"
NAMES = {"one layer": "shallow", "two layers": "deep", "principal components": "components"}


def show() -> Shown:
    """A slider of code sizes, ten digits a method, and the curve of errors."""
    found = digit_grid.read()
    size = st.select_slider(say("lesson.bottleneck.size"), digit_grid.SIZES, 10, key=KEY, persist_state="session")
    errors = digit_grid.errors(found, size)
    names = {method: say(f"lesson.bottleneck.{NAMES[method]}", size=size) for method in digit_grid.METHODS}
    ten = mnist.test_half().images[list(digit_grid.SHOWN)].float() / 255
    sheets = {row["method"]: row["ten"] for row in found["sizes"] if row["size"] == size}
    strips = [Strip(say("lesson.original"), images.data_url(images.tiled(ten, 10), "png"))]
    strips += [
        Strip(
            names[method],
            f"data:image/png;base64,{sheets[method]}",
            say("lesson.error", error=f"{errors[method]:.4f}"),
            errors[method] == min(errors.values()),
        )
        for method in digit_grid.METHODS
    ]
    left, right = st.columns([3, 2], gap="large")
    with left:
        lesson_strips(strips, 10, key="bottleneck strips")
    plain = {method: say(f"lesson.bottleneck.{NAMES[method]}", size="k") for method in digit_grid.METHODS}
    with right:
        charts.line_chart(
            [{"size": row["size"], "error": row["mse"], "method": plain[row["method"]]} for row in found["sizes"]],
            alt.X(
                "size",
                type="quantitative",
                scale=alt.Scale(type="log"),
                title=say("lesson.bottleneck.axis"),
                axis=alt.Axis(values=list(digit_grid.SIZES)),
            ),
            alt.Y(
                "error",
                type="quantitative",
                scale=alt.Scale(type="log", domain=[5e-4, 0.1]),
                title=say("lesson.squared-error"),
            ),
            says=say("lesson.bottleneck.chart"),
            series="method",
            names=list(plain.values()),
            at=size,
            height=300,
        )
    by_size = {one: digit_grid.errors(found, one) for one in digit_grid.SIZES}
    ahead = [one for one, all_three in by_size.items() if min(all_three, key=all_three.__getitem__) == LINEAR]
    two, most = by_size[digit_grid.SIZES[0]], by_size[digit_grid.SIZES[-1]]
    return Shown(
        {digit_grid.SIZES[0], digit_grid.SIZES[-1]} <= seen(KEY, size),
        {
            "overtakes": ahead[0],
            "deep2": f"{two['two layers']:.4f}",
            "components2": f"{two['principal components']:.4f}",
            "deep300": f"{most['two layers']:.4f}",
            "components300": f"{most['principal components']:.4f}",
        },
        f"""from engine.training import digit_grid

found = digit_grid.read()
print(digit_grid.errors(found, {size}))  # method -> mean squared error on the test digits
print(digit_grid.format_table(found))""",
    )
