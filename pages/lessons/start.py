"""The slides' weight initialisation: a classifier from a random start and from an autoencoder, with few labels."""

from typing import Any

import altair as alt
import streamlit as st

from engine.training import pretraining
from pages.lessons.choice import choose
from pages.lessons.step import Shown
from pages.parts import charts
from pages.parts.say import say

OPTIMISERS = {"gradient descent": "descent", "Adam": "adam"}


def show() -> Shown:
    """How many labels, which optimiser; a curve for each start."""
    found = pretraining.read_curves()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        labels = st.select_slider(
            say("lesson.start.labels"),
            pretraining.LABELS,
            1000,
            format_func=lambda count: f"{count:,}",
            key="labels",
            persist_state="session",
        )
        optimiser, seen = choose(
            say("lesson.start.optimiser"),
            list(pretraining.OPTIMISERS),
            "gradient descent",
            lambda name: say(f"lesson.start.{OPTIMISERS[name]}"),
            key="optimiser",
        )
    left, right = st.columns(2, gap="large")
    with left:
        by_step(pretraining.summarise_accuracies(found, optimiser, labels), found["steps"])
    with right:
        by_labels(found, optimiser, labels)
    seeds = len(found["rows"][0]["accuracy"])
    with st.expander(say("lesson.start.all"), icon=":material/table:"):
        heads = [say(f"lesson.start.head{number}") for number in range(1, len(pretraining.HEADS) + 1)]
        names = {name: say(f"lesson.start.{key}") for name, key in OPTIMISERS.items()}
        st.markdown(pretraining.format_table(found, heads, names))
        st.caption(
            say(
                "lesson.start.how",
                digits=f"{found['test_digits']:,}",
                seeds=seeds,
                model=found["model"],
                hardware=found["hardware"],
                date=found["date"],
            )
        )
        st.code(found["command"], language=None, wrap_lines=True)
    return Shown(
        seen == {*OPTIMISERS},
        leads(found),
        f"""from engine.training import pretraining

found = pretraining.read_curves()
print(pretraining.summarise_accuracies(found, "{optimiser}", {labels}))  # start -> worst, mean, best of the seeds""",
    )


def leads(found: dict[str, Any]) -> dict[str, str]:
    """How far the start from the autoencoder is ahead at the end, in points of accuracy, by 1,000 labels and by all,
    and how far the seeds of the random start lie apart by all."""
    facts = {}
    for optimiser, name in OPTIMISERS.items():
        for labels, key in ((1000, name), (pretraining.LABELS[-1], f"{name}-all")):
            both = pretraining.summarise_accuracies(found, optimiser, labels)
            worst, mean, best = both["random"][-1]
            facts[key] = f"{100 * (both['autoencoder'][-1][1] - mean):.1f}"
            facts[f"{key}-apart"] = f"{100 * (best - worst):.1f}"
    return facts


def by_step(both: dict[str, list[tuple[float, float, float]]], steps: list[int]) -> None:
    """Mean accuracy after so many steps, in a band from the worst to the best seed."""
    rows = [
        {"at": step, **in_percent(start, found)}
        for start, accuracies in both.items()
        for step, found in zip(steps, accuracies, strict=True)
    ]
    chart(rows, say("lesson.start.step"), alt.Scale(type="symlog", constant=3), steps, say("lesson.start.chart"))


def by_labels(found: dict[str, Any], optimiser: str, labels: int) -> None:
    """Mean accuracy at the end by the number of labels, the chosen one marked."""
    rows = [
        {"at": count, **in_percent(start, accuracies[-1])}
        for count in pretraining.LABELS
        for start, accuracies in pretraining.summarise_accuracies(found, optimiser, count).items()
    ]
    says = say("lesson.start.chart-labels")
    chart(rows, say("lesson.start.axis"), alt.Scale(type="log"), list(pretraining.LABELS), says, at=labels)


def in_percent(start: str, found: tuple[float, float, float]) -> dict[str, Any]:
    """Worst, mean and best of the seeds, and the start by its name."""
    worst, mean, best = (100 * share for share in found)
    return {"worst": worst, "accuracy": mean, "best": best, "start": say(f"lesson.start.{start}")}


def chart(
    rows: list[dict[str, Any]], title: str, scale: alt.Scale, ticks: list[int], says: str, at: float | None = None
) -> None:
    """Accuracy for both starts, in their bands."""
    charts.line_chart(
        rows,
        alt.X("at", type="quantitative", title=title, scale=scale, axis=alt.Axis(values=ticks)),
        alt.Y("accuracy", type="quantitative", title=say("lesson.start.accuracy"), scale=alt.Scale(zero=False)),
        says=says,
        series="start",
        names=[say(f"lesson.start.{start}") for start in pretraining.STARTS],
        band=("worst", "best"),
        at=at,
        height=300,
    )
