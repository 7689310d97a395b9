"""The article's seven runs again: the same face after every epoch, the curves, and the table beside the article's."""

from typing import Any

import altair as alt
import streamlit as st

from engine import images
from engine.models import model_card
from engine.training import article_runs
from pages.components.frame_player.frame_player import Film, films
from pages.components.picture_row.picture_row import Picture
from pages.lessons.step import Shown
from pages.parts import charts
from pages.parts.say import say

FIRST = ["adam-0.001-50", "sgd-0.01-15", "rmsprop-0.01-10"]  # the runs shown unless the visitor chooses
CURVES = ("loss", "test_loss", "test_mse", "agreement", "hole_psnr")
FULL_SIZE = "python -m engine train-grid article --data FACES --test TEST_FACES"


def show() -> Shown:
    """Which runs, then how they went."""
    found = article_runs.read_runs()
    runs = {run["name"]: run for run in found["runs"]}
    st.markdown(said(found))
    chosen = st.pills(
        say("lesson.article.runs"),
        list(runs),
        selection_mode="multi",
        default=FIRST,
        format_func=lambda name: title(runs[name]),
        key="article runs",
        persist_state="session",
    )
    if not chosen:
        st.info(say("lesson.article.none"), icon=":material/touch_app:")
    else:
        rows = [runs[name] for name in runs if name in chosen]
        face_by_face(rows, found["size"])
        with st.expander(say("lesson.article.curves"), icon=":material/show_chart:"):
            curves(rows, [title(run) for run in runs.values()])
    table(found)
    red = f"{100 * found['agreement_of_red']:.1f}"
    return Shown(
        set(chosen) != {*FIRST},
        {"red": red, "best": f"{100 * max(run['ours']['agreement'] for run in runs.values()):.1f}"},
        """from engine.training import article_runs

found = article_runs.read_runs()  # the hash of every sheet is verified
for run in found["runs"]:
    print(run["settings"], run["article"], run["ours"])
print(article_runs.format_table(found))""",
    )


def said(found: dict[str, Any]) -> str:
    """On what, and how large: the difference from the article in a sentence."""
    size, box, full = found["size"], found["box"], found["size"] == 128
    sizes = {"faces": f"{found['faces']:,}", "size": size, "box": box}
    return say("lesson.article.same" if full else "lesson.article.smaller").format(**sizes)


def title(run: dict[str, Any]) -> str:
    """A run by what it differs in."""
    settings = run["settings"]
    parts = [f"{article_runs.NAMES[settings['optimiser']]} {settings['learning_rate']}"]
    parts += [say("lesson.article.entropy")] if settings["loss"] != "mse" else []
    parts += [say("lesson.article.batch", batch=settings["batch"])] if settings["batch"] != 64 else []
    return ", ".join([*parts, say("lesson.article.epochs", epochs=settings["epochs"])])


def face_by_face(runs: list[dict[str, Any]], size: int) -> None:
    """The same face after every epoch of the runs."""
    face, given = article_runs.prepare_face(size)
    stills = [
        Picture(say("lesson.original"), images.data_url(face, "png")),
        Picture(say("lesson.article.given"), images.data_url(given, "png")),
    ]
    reels = [
        Film(
            title(run),
            f"app/static/{run['sheet']}?{run['sha256'][:12]}",  # another sheet, another address
            [
                say("lesson.article.figures", loss=f"{loss:.4f}", agreement=f"{100 * agreement:.1f}")
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
            say("lesson.article.curve"),
            CURVES,
            format_func=lambda curve: say(f"lesson.article.{curve}"),
            key="article curve",
            persist_state="session",
        )
        is_error = curve in ("loss", "test_loss", "test_mse")
        logarithmic = st.toggle(
            say("lesson.article.log"), True, key="article log", persist_state="session", disabled=not is_error
        )
    rows = [
        {"epoch": epoch, "value": value, "run": title(run)}
        for run in runs
        for epoch, value in enumerate(run["curves"][curve], 1)
    ]
    axis = say(f"lesson.article.{curve}")
    scale = alt.Scale(type="log", nice=False) if logarithmic and is_error else alt.Scale(zero=False)
    charts.line_chart(
        rows,
        alt.X("epoch", type="quantitative", title=say("lesson.article.epoch")),
        alt.Y("value", type="quantitative", title=axis, scale=scale),
        says=say("lesson.article.chart", curve=axis),
        series="run",
        names=titles,
    )


def table(found: dict[str, Any]) -> None:
    """The article's figure beside ours, and what made them."""
    with st.expander(say("lesson.article.table"), icon=":material/table:"):
        heads = [say(f"lesson.article.head{number}") for number in range(1, len(article_runs.HEADS) + 1)]
        names = {**article_runs.NAMES, "bce": say("lesson.article.entropy")}
        st.markdown(article_runs.format_table(found, heads, names))
        st.caption(
            say(
                "lesson.article.how",
                test_faces=found["test_faces"],
                faces=f"{found['faces']:,}",
                sources=found["sources"],
                hardware=found["hardware"],
                minutes=f"{found['seconds'] / 60:,.0f}",
                date=found["date"],
            )
        )
        st.code(found["command"], language=None, wrap_lines=True)
        if found["size"] != 128:
            st.caption(say("lesson.article.full"))
            st.code(FULL_SIZE, language=None, wrap_lines=True)
        st.caption(model_card.FACES_ARE.replace("\n", " "))
    st.markdown("\n".join(f"* {say(f'lesson.article.see{number}')}" for number in range(1, 4)))
