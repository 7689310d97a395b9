"""Distortion against perception (Blau and Michaeli, CVPR 2018): every method over the test faces, as measured.

And live for the visitor's own mask, where a single picture has no distance from photographs: its closeness against its
sharpness, so named, which is not the same.
"""

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from engine.corruptions import masks
from engine.evaluation import face_benchmark
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration import masked_images, mean_of_answers, methods
from pages.faces.chosen_face import known_faces
from pages.faces.state import FacesState
from pages.lessons.choice import choose
from pages.lessons.step import Shown
from pages.parts.say import say
from pages.parts.state import state_of

HOLES = ("28x28 box", "both eyes", "mouth", "64x64 centre", "half the face", "brush strokes")
YOURS = "yours"  # the mask that the visitor has drawn on the page of faces, on the face that lies there
LIVE = ("face-painter", "face-unet", "gappy-pca", "face-autoencoder", "telea")
KEY, FIRST = "measured hole", "64x64 centre"


@dataclass(frozen=True)
class Point:
    """A method in the plane."""

    method: str  # in the visitor's language
    closeness: float  # PSNR in the hole, dB
    other: float  # kernel distance from photographs, or sharpness over the original's


def show() -> Shown:
    """A hole, measured over all test faces; or the visitor's own."""
    found = face_benchmark.shipped()
    if found is None:
        raise Problem(say("lesson.plane.missing"))
    hole, seen = choose(
        say("lesson.plane.hole"),
        (*HOLES, YOURS),
        FIRST,
        lambda name: say(f"lesson.plane.{name.replace(' ', '-')}"),
        key=KEY,
    )
    points = measured(found, FIRST if hole == YOURS else hole)
    box = next(row for row in found["rows"] if row["hole"] == HOLES[0] and row["method"] == "face-painter")
    whole = -10 * math.log10(box["composite_mse"])
    facts = {
        "closest": max(points, key=lambda one: one.closeness).method,
        "likest": min(points, key=lambda one: one.other).method,
        "hole": f"{box['hole_psnr']:.1f}",
        "whole": f"{whole:.1f}",
        "gain": f"{whole - box['hole_psnr']:.1f}",
    }
    if hole == YOURS:
        return Shown(len(seen) > 1, facts, live())
    draw(points, say("lesson.plane.distance"), say("lesson.plane.chart"))
    st.caption(say("lesson.plane.how", faces=found["faces"], command=found["command"]))
    return Shown(
        len(seen) > 1,
        facts,
        f"""from engine.evaluation import face_benchmark

for row in (face_benchmark.shipped() or {{"rows": []}})["rows"]:
    if row["hole"] == "{hole}" and "kernel_distance" in row:
        print(row["method"], row["hole_psnr"], row["kernel_distance"])""",
    )


def measured(found: dict[str, Any], hole: str) -> list[Point]:
    """Every method over the test faces."""
    rows = [row for row in found["rows"] if row["hole"] == hole and "kernel_distance" in row and not row["seamless"]]
    return [Point(say(f"lesson.method.{row['method']}"), row["hole_psnr"], row["kernel_distance"]) for row in rows]


def live() -> str:
    """The methods on the face and mask of the page of faces; returns the code."""
    state, known = state_of(FacesState), known_faces()
    face, hidden = known.get(state.face) or next(iter(known.values())), masks.shape_mask(state.drawn)
    if not hidden.any():
        st.info(say("lesson.plane.nothing"), icon=":material/touch_app:")
        return ""
    draw(on_this(face, state.drawn), say("lesson.plane.sharpness"), say("lesson.plane.chart-yours"))
    st.caption(say("lesson.plane.how-yours", face=face.title))
    return f"""import torch
from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import mean_of_answers, methods

face = next(iter(gallery.gallery().values())).image  # (1, 3, 128, 128): put your face here
hidden = masks.shape_mask({state.drawn})  # True = hidden from the method
for method in {LIVE}:
    restored = methods.restore(face, hidden, method).reconstruction
    print(method, mean_of_answers.place(restored, face, hidden))  # PSNR in the hole, sharpness"""


def on_this(face: GalleryFace, shapes: list[Any]) -> list[Point]:
    """Closeness and sharpness of each method there; what has painted the face knows it and is left out."""
    hidden = masks.shape_mask(shapes)
    wanted = [method for method in LIVE if face.photograph or method != "face-painter"]
    answers = methods.compare(face.image, hidden, wanted, memory=masked_images.SHIPPED)
    return [
        Point(say(f"lesson.method.{method}"), *mean_of_answers.place(answer.reconstruction, face.image, hidden))
        for method, answer in answers.items()
        if not isinstance(answer, Problem)
    ]


def draw(points: list[Point], title: str, says: str) -> None:
    """A dot a method, with its name; title: of the axis upwards."""
    points = sorted(points, key=lambda one: one.closeness)  # of two neighbours one has its name above, one below
    values = [{"method": one.method, "psnr": one.closeness, "other": one.other} for one in points]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X(
            "psnr", type="quantitative", title=say("lesson.plane.closeness"), scale=alt.Scale(zero=False, padding=40)
        ),
        y=alt.Y("other", type="quantitative", title=title, scale=alt.Scale(type="log", padding=20)),
    )
    dots = base.mark_circle(size=180, aria=False).encode(
        color=alt.Color(
            "method",
            type="nominal",
            scale=alt.Scale(domain=[say(f"lesson.method.{name}") for name in face_benchmark.HEADLINE]),
            legend=None,
        )
    )
    names = [_names(values[start::2], dy) for start, dy in ((0, -16), (1, 20))]
    st.altair_chart(alt.layer(dots, *names).properties(height=330, description=says))


def _names(values: list[dict[str, Any]], dy: int) -> alt.Chart:
    """The names of some points, above or below them."""
    named = alt.Chart(alt.Data(values=values)).mark_text(dy=dy, fontSize=13, aria=False)
    return named.encode(x="psnr:Q", y="other:Q", text="method:N", color=alt.value("#7A7F80"))
