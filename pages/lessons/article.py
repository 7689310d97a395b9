"""The article's seven runs again: the same face after every epoch, the curves, and the table beside the article's."""

from typing import Any

import altair as alt
import streamlit as st

from engine import images
from engine.models import model_card
from engine.training import article_runs
from pages.components.frame_player.frame_player import Film, films
from pages.components.picture_row.picture_row import Picture
from pages.parts import charts

FIRST = ["adam-0.001-50", "sgd-0.01-15", "rmsprop-0.01-10"]  # the runs shown unless the visitor chooses
CURVES = {  # curve -> title of its axis
    "loss": "training loss",
    "test_loss": "loss on the test faces",
    "test_mse": "mean squared error on the test faces",
    "agreement": "largest-channel agreement on the test faces",
    "hole_psnr": "PSNR inside the hole, dB",
}
FULL_SIZE = "python -m engine train-grid article --data FACES --test TEST_FACES"


def show() -> str:
    """Which runs, then how they went."""
    found = article_runs.read_runs()
    runs = {run["name"]: run for run in found["runs"]}
    st.markdown(f"The article trained its network seven times. {said(found)}")
    chosen = st.pills(
        "Runs",
        list(runs),
        selection_mode="multi",
        default=FIRST,
        format_func=lambda name: title(runs[name]),
        key="article runs",
        persist_state="session",
    )
    if not chosen:
        st.info("No run is chosen: choose at least one.", icon=":material/touch_app:")
    else:
        rows = [runs[name] for name in runs if name in chosen]
        face_by_face(rows, found["size"])
        curves(rows, [title(run) for run in runs.values()])
    table(found)
    what_to_see(found)
    return """from engine.training import article_runs

found = article_runs.read_runs()  # the hash of every sheet is verified
for run in found["runs"]:
    print(run["settings"], run["article"], run["ours"])
print(article_runs.format_table(found))"""


def said(found: dict[str, Any]) -> str:
    """On what, and how large: the difference from the article in a sentence."""
    size, box, full = found["size"], found["box"], found["size"] == 128
    here = f"{found['faces']:,} faces of {size}×{size} pixels with a black box of {box}×{box}"
    there = "70,000" if full else "70,000 of 128×128 with a box of 28×28"
    return f"Here they are again with its settings, on {here}, where the article had {there}."


def title(run: dict[str, Any]) -> str:
    """A run by what it differs in."""
    settings = run["settings"]
    parts = [f"{article_runs.NAMES[settings['optimiser']]} {settings['learning_rate']}"]
    parts += ["cross-entropy"] if settings["loss"] != "mse" else []
    parts += [f"batch {settings['batch']}"] if settings["batch"] != 64 else []
    return ", ".join([*parts, f"{settings['epochs']} epochs"])


def face_by_face(runs: list[dict[str, Any]], size: int) -> None:
    """The same face after every epoch of the runs."""
    face, given = article_runs.prepare_face(size)
    stills = [Picture("Original", images.data_url(face, "png")), Picture("Given", images.data_url(given, "png"))]
    reels = [
        Film(
            title(run),
            f"app/static/{run['sheet']}?{run['sha256'][:12]}",  # another sheet, another address
            [
                f"loss {loss:.4f}\nagreement {100 * agreement:.1f} %"
                for loss, agreement in zip(run["curves"]["loss"], run["curves"]["agreement"], strict=True)
            ],
            article_runs.COLUMNS,
        )
        for run in runs
    ]
    films(stills, reels, key="article films")


def curves(runs: list[dict[str, Any]], titles: list[str]) -> None:
    """One chart; a run keeps its colour whichever others are shown."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        curve = st.selectbox(
            "Curve", list(CURVES), format_func=CURVES.__getitem__, key="article curve", persist_state="session"
        )
        is_error = curve in ("loss", "test_loss", "test_mse")
        logarithmic = st.toggle("Logarithmic", True, key="article log", persist_state="session", disabled=not is_error)
    rows = [
        {"epoch": epoch, "value": value, "run": title(run)}
        for run in runs
        for epoch, value in enumerate(run["curves"][curve], 1)
    ]
    scale = alt.Scale(type="log", nice=False) if logarithmic and is_error else alt.Scale(zero=False)
    charts.line_chart(
        rows,
        alt.X("epoch", type="quantitative"),
        alt.Y("value", type="quantitative", title=CURVES[curve], scale=scale),
        says=f"Curves of the runs: {CURVES[curve]} after every epoch.",
        series="run",
        names=titles,
    )


def table(found: dict[str, Any]) -> None:
    """The article's figure beside ours, and what made them."""
    st.markdown("**The article's table, its figures beside ours**")
    st.markdown(article_runs.format_table(found))
    st.caption(
        f"Ours after the last epoch; on {found['test_faces']} FFHQ faces that no run has seen, each with one box, where"
        f" it says test faces, agreement or hole. Trained on {found['faces']:,} faces out of {found['sources']};"
        f" {found['hardware']}, {found['seconds'] / 60:,.0f} minutes, {found['date']}, by"
    )
    st.code(found["command"], language=None, wrap_lines=True)
    if found["size"] != 128:
        st.caption("The same at full size, on a GPU where there is one:")
        st.code(FULL_SIZE, language=None, wrap_lines=True)
    st.caption(model_card.FACES_ARE.replace("\n", " "))


def what_to_see(found: dict[str, Any]) -> None:
    """What the runs teach, with the figures that say it."""
    red = 100 * found["agreement_of_red"]
    st.markdown(
        f"""**What to see**
* *Adam at 0.001* finds a face in the first epochs, then this one; the rest is detail. Under the box it guesses to the
  end.
* *SGD* barely moves. That it ends where Adam does, as in the article, could not be repeated: plain gradient descent, as
  Keras has it, takes small steps, and an epoch of {found["faces"]:,} faces has fewer of them than one of 70,000.
* *Cross-entropy* is another unit. Its loss beside a squared error says nothing; the curve *mean squared error on the
  test faces* compares all seven.
* *Agreement*, which the article calls accuracy, is none. It asks which of red, green and blue is the largest, and a
  picture of nothing but red has {red:.1f} % of these test faces right."""
    )
