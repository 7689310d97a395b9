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
    chart(pretraining.summarise_accuracies(found, optimiser, labels), found["steps"])
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
    """How far the start from the autoencoder is ahead at the end, in points of accuracy, by 1,000 labels."""
    facts = {}
    for optimiser, name in OPTIMISERS.items():
        both = pretraining.summarise_accuracies(found, optimiser, 1000)
        facts[name] = f"{100 * (both['autoencoder'][-1][1] - both['random'][-1][1]):.1f}"
    return facts


def chart(both: dict[str, list[tuple[float, float, float]]], steps: list[int]) -> None:
    """Mean accuracy after so many steps, in a band from the worst to the best seed."""
    names = {start: say(f"lesson.start.{start}") for start in pretraining.STARTS}
    rows: list[dict[str, Any]] = [
        {"step": step, "worst": 100 * worst, "accuracy": 100 * mean, "best": 100 * best, "start": names[start]}
        for start, accuracies in both.items()
        for step, (worst, mean, best) in zip(steps, accuracies, strict=True)
    ]
    across = alt.Scale(type="symlog", constant=3)
    charts.line_chart(
        rows,
        alt.X("step", type="quantitative", title=say("lesson.start.step"), scale=across, axis=alt.Axis(values=steps)),
        alt.Y("accuracy", type="quantitative", title=say("lesson.start.accuracy")),
        says=say("lesson.start.chart"),
        series="start",
        names=list(names.values()),
        band=("worst", "best"),
        height=300,
    )
