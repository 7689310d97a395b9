"""Train it yourself: 784-50-784, or a code of two numbers, by the loop of the shipped weights, before one's eyes."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from engine import images
from engine.datasets import mnist
from engine.problem import Problem
from engine.training import live, live_script
from engine.training.digit_grid import SHOWN
from pages.components.lesson_training.lesson_training import lesson_training
from pages.lessons.step import Shown
from pages.parts.problems import told
from pages.parts.say import say
from pages.parts.state import state_of

NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOOK_EVERY, PACE = 0.5, 800  # seconds between two looks at a run; milliseconds that an epoch stays on the screen
KEPT = 2  # runs that are overlaid
WORDS = ("curve", "rows", "map", "given", "start", "pause", "go-on")


@dataclass
class Trainings:
    """A visitor's runs, by name; the last one may still train."""

    runs: dict[str, live.Run] = field(default_factory=dict)
    begun: int = 0

    @property
    def newest(self) -> live.Run | None:
        """The one that was started last."""
        return next(reversed(self.runs.values()), None)


def show() -> Shown:
    """Settings, the runs as they come, what can be taken home."""
    mine = state_of(Trainings)
    settings = chosen()
    busy = mine.newest is not None and not mine.newest.ended
    if not busy:
        live.LINE.warm()
    with st.container(horizontal=True, vertical_alignment="center"):
        name = NAMES[mine.begun % len(NAMES)]
        label = say("lesson.train.go", name=name)
        st.button(label, icon=":material/play_arrow:", disabled=busy, on_click=begin, args=[settings], key="train")
        st.button(
            say("lesson.train.stop"), icon=":material/stop:", disabled=not busy, on_click=end, key="stop training"
        )
        if mine.newest is not None and mine.newest.ended:
            take_home(mine.newest)
    st.fragment(run_every=LOOK_EVERY if busy else None)(watch)()
    st.caption(say("lesson.train.how", known=f"{live.TRAINED_ON:,}", held=f"{live.JUDGED_ON:,}", seed=live.SPLIT_SEED))
    ended = [run for run in mine.runs.values() if run.ended and len(run.epochs) > 1]
    errors = [f"{run.points[-1][1]:.3f}" for run in mine.runs.values() if run.points]
    return Shown(
        len(ended) >= KEPT,
        {"error": errors[-1] if errors else "?", "before": errors[-2] if len(errors) > 1 else "?"},
        f"""from engine.training import live, live_worker

settings = live.{live.Settings(epochs=1)!r}  # your choices go in here
live_worker.train(settings, lambda said: print(said["kind"], said.get("epoch"), said.get("error")))""",
    )


def take_home(run: live.Run) -> None:
    """Script and notebook of a run, and its weights if it went to the end."""
    for name, content, file, kind in (
        ("weights", run.weights, "model.safetensors", "application/octet-stream"),
        ("script", live_script.script(run.settings), "train_it_yourself.py", "text/x-python"),
        ("notebook", live_script.notebook(run.settings), "train_it_yourself.ipynb", "application/x-ipynb+json"),
    ):
        if content:
            st.download_button(
                say(f"lesson.train.{name}"),
                content,
                file,
                kind,
                icon=":material/download:",
                on_click="ignore",
                key=name,
            )


def chosen() -> dict[str, Any]:
    """What the next run will be trained with: a change counts for the next run, never for this one."""
    first, second = st.columns(2)
    with first, st.container(horizontal=True, vertical_alignment="bottom"):
        rate = st.text_input(say("lesson.train.rate"), "0.01", key="rate", persist_state="session", width=120)
        optimiser = _choice("optimiser", tuple(live.OPTIMISERS))
        loss = _choice("loss", tuple(live.LOSSES))
    with second, st.container(horizontal=True, vertical_alignment="bottom"):
        batch = _number("batch", 256, live.TRAINED_ON * 2)
        epochs = _number("epochs", 8, live.MOST_EPOCHS)
        size = _number("size", 50, live.MOST_NUMBERS)
        noise = _choice("noise", tuple(live.NOISES))
    return {
        "learning_rate": rate,
        "optimiser": optimiser,
        "loss": loss,
        "batch": batch,
        "epochs": epochs,
        "code_size": size,
        "noise": noise,
    }


def _choice(name: str, choices: tuple[str, ...]) -> str:
    return st.selectbox(
        say(f"lesson.train.{name}"),
        choices,
        format_func=lambda choice: say(f"lesson.train.{name}-{choice}") if name in ("loss", "noise") else choice,
        key=f"train {name}",
        persist_state="session",
        width=150,
    )


def _number(name: str, first: int, most: int) -> int:
    label, key = say(f"lesson.train.{name}"), f"train {name}"
    return int(st.number_input(label, 0, most, first, key=key, persist_state="session", width=120))


def begin(settings: dict[str, Any]) -> None:
    """Start a run, unless this visitor's last one still trains; what cannot be trained is said when the page runs."""
    mine = state_of(Trainings)
    st.session_state.pop("not trained", None)
    if mine.newest is not None and not mine.newest.ended:
        return
    try:
        run = live.start(live.Settings(**{**settings, "learning_rate": _rate(settings["learning_rate"])}))
    except Problem as problem:
        st.session_state["not trained"] = problem
        return
    mine.runs[NAMES[mine.begun % len(NAMES)]] = run
    mine.begun += 1
    while len(mine.runs) > KEPT:
        del mine.runs[next(iter(mine.runs))]


def _rate(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")  # which the settings refuse in a sentence


def end() -> None:
    """Stop the run; its curve stays."""
    if (run := state_of(Trainings).newest) is not None:
        run.stop(None)


def hold(name: str) -> None:
    """Pause the run of that name, or let what is paused go on."""
    run = state_of(Trainings).newest
    if run is not None and name == next(reversed(state_of(Trainings).runs)):
        run.pause()
    elif run is not None:
        run.go_on()


def watch() -> None:
    """Look at the runs; the last look at one that has ended runs the page, so that its question knows the figures."""
    mine, run = state_of(Trainings), state_of(Trainings).newest
    if problem := st.session_state.get("not trained"):
        st.error(told(problem), icon=":material/error:")
    if run is not None:
        run.look()
        if not run.ended and (ahead := live.LINE.ahead_of(run)):
            st.info(say("lesson.train.waits", ahead=ahead), icon=":material/hourglass_empty:")
        if run.ended and not run.weights:
            st.info(told(run.why) if run.why else say("lesson.train.stopped"), icon=":material/info:")
    ten = mnist.test_half().images[list(SHOWN)].float() / 255
    words = {word: say(f"lesson.train.{word}") for word in WORDS}
    lesson_training(
        [
            {
                "name": name,
                "points": list(one.points),
                "epochs": list(one.epochs),
                "note": note(name, one),
                "ended": one.ended,
            }
            for name, one in mine.runs.items()
        ],
        images.data_url(images.tiled(ten, len(ten)), "png"),
        max((one.settings.epochs for one in mine.runs.values()), default=8),
        words,
        PACE,
        hold,
        key="training",
    )
    if run is not None and run.ended and st.session_state.get("ended run") != mine.begun:
        st.session_state["ended run"] = mine.begun
        st.rerun()


def note(name: str, run: live.Run) -> str:
    """A run in a line."""
    error = f"{run.points[-1][1]:.4f}" if run.points else "–"
    return say("lesson.train.note", name=name, rate=f"{run.settings.learning_rate:g}", error=error, seconds=run.seconds)
