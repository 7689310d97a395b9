"""The slides' weight initialisation: a classifier from a random start and from an autoencoder, with few labels."""

from typing import Any

import altair as alt
import streamlit as st

from engine.training import pretraining
from pages.parts import charts

STARTS = {"random": "random start", "autoencoder": "start from the autoencoder"}


def show() -> str:
    """How many labels, which optimiser; a curve for each start."""
    found = pretraining.read_curves()
    st.markdown(
        "The slides: gradient descent from a *random* start is slow, and an autoencoder gives a better one. Here a"
        f" classifier 784-512-256-10 starts both ways: at random, and from the first layers of `{found['model']}`,"
        " which has seen 60,000 digits and not one label."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        labels = st.select_slider(
            "Digits with a label",
            pretraining.LABELS,
            1000,
            format_func=lambda count: f"{count:,}",
            key="labels",
            persist_state="session",
        )
        optimiser = st.segmented_control(
            "Optimiser",
            list(pretraining.OPTIMISERS),
            default="gradient descent",
            required=True,
            key="optimiser",
            persist_state="session",
        )
    chart(pretraining.summarise_accuracies(found, optimiser, labels), found["steps"])
    st.markdown("**All of them**, mean accuracy on the test digits")
    st.markdown(pretraining.format_table(found))
    seeds = len(found["rows"][0]["accuracy"])
    st.caption(
        f"Accuracy on {found['test_digits']:,} test digits, the mean of {seeds} seeds; the band reaches from the worst"
        f" to the best of them; one learning rate for both starts, tuned for neither."
        f" {found['hardware']}, {found['date']}, by"
    )
    st.code(found["command"], language=None, wrap_lines=True)
    st.markdown(
        """**What to see**
* With plain *gradient descent*, the slides are right: the start from the autoencoder is ahead from the first dozen
  steps, and still at the end. With 1,000 labels and more, its worst seed ends above the best random one.
* With *Adam* little of the lead is left: a better optimiser makes up for the worse start.
* With 100 labels the bands overlap: which digits got a label matters more than the start."""
    )
    return f"""from engine.training import pretraining

found = pretraining.read_curves()
print(pretraining.summarise_accuracies(found, "{optimiser}", {labels}))  # start -> worst, mean, best of the seeds"""


def chart(both: dict[str, list[tuple[float, float, float]]], steps: list[int]) -> None:
    """Mean accuracy after so many steps, in a band from the worst to the best seed."""
    rows: list[dict[str, Any]] = [
        {"step": step, "worst": 100 * worst, "accuracy": 100 * mean, "best": 100 * best, "start": STARTS[start]}
        for start, accuracies in both.items()
        for step, (worst, mean, best) in zip(steps, accuracies, strict=True)
    ]
    across = alt.Scale(type="symlog", constant=3)
    charts.line_chart(
        rows,
        alt.X("step", type="quantitative", scale=across, axis=alt.Axis(values=steps)),
        alt.Y("accuracy", type="quantitative", title="accuracy, %"),
        says="Accuracy on the test digits after so many steps, for both starts.",
        series="start",
        names=list(STARTS.values()),
        band=("worst", "best"),
    )
