"""Distortion against perception (Blau and Michaeli, CVPR 2018): every method over the test faces, as measured."""

import math
from typing import Any

import altair as alt
import streamlit as st

from engine.evaluation import face_benchmark
from engine.problem import Problem
from pages.lessons.choice import choose
from pages.lessons.step import Shown
from pages.parts.say import say

HOLES = ("28x28 box", "both eyes", "mouth", "64x64 centre", "half the face", "brush strokes")
KEY, FIRST = "measured hole", "64x64 centre"


def show() -> Shown:
    """A hole; each method's closeness and its kernel distance from photographs."""
    found = face_benchmark.shipped()
    if found is None:
        raise Problem("The measured methods are missing or damaged: `git checkout -- weights` brings them back.")
    hole, seen = choose(
        say("lesson.plane.hole"), HOLES, FIRST, lambda name: say(f"lesson.plane.{name.replace(' ', '-')}"), key=KEY
    )
    rows = [row for row in found["rows"] if row["hole"] == hole and "kernel_distance" in row and not row["seamless"]]
    points = [
        {"method": say(f"lesson.method.{row['method']}"), "psnr": row["hole_psnr"], "kernel": row["kernel_distance"]}
        for row in rows
    ]
    points.sort(key=lambda one: one["psnr"])  # of two neighbours one has its name above, one below
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X(
            "psnr", type="quantitative", title=say("lesson.plane.closeness"), scale=alt.Scale(zero=False, padding=40)
        ),
        y=alt.Y(
            "kernel", type="quantitative", title=say("lesson.plane.distance"), scale=alt.Scale(type="log", padding=20)
        ),
    )
    dots = base.mark_circle(size=180, aria=False).encode(
        color=alt.Color(
            "method",
            type="nominal",
            scale=alt.Scale(domain=[say(f"lesson.method.{name}") for name in face_benchmark.HEADLINE]),
            legend=None,
        )
    )
    names = [_names(points[start::2], dy) for start, dy in ((0, -16), (1, 20))]
    st.altair_chart(alt.layer(dots, *names).properties(height=330, description=say("lesson.plane.chart")))
    st.caption(say("lesson.plane.how", faces=found["faces"], command=found["command"]))
    box = next(row for row in found["rows"] if row["hole"] == HOLES[0] and row["method"] == "face-painter")
    closest, likest = max(points, key=lambda one: one["psnr"]), min(points, key=lambda one: one["kernel"])
    whole = -10 * math.log10(box["composite_mse"])
    return Shown(
        len(seen) > 1,
        {
            "closest": closest["method"],
            "likest": likest["method"],
            "hole": f"{box['hole_psnr']:.1f}",
            "whole": f"{whole:.1f}",
            "gain": f"{whole - box['hole_psnr']:.1f}",
        },
        f"""from engine.evaluation import face_benchmark

for row in (face_benchmark.shipped() or {{"rows": []}})["rows"]:
    if row["hole"] == "{hole}" and "kernel_distance" in row:
        print(row["method"], row["hole_psnr"], row["kernel_distance"])""",
    )


def _names(points: list[dict[str, Any]], dy: int) -> alt.Chart:
    """The names of some points, above or below them."""
    named = alt.Chart(alt.Data(values=points)).mark_text(dy=dy, fontSize=13, aria=False)
    return named.encode(x="psnr:Q", y="kernel:Q", text="method:N", color=alt.value("#7A7F80"))
