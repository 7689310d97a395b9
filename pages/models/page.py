"""What is in the box? A line for each shipped network; its card, figures, limits and commands lie behind the line."""

from pathlib import Path

import streamlit as st

from engine.evaluation import digit_benchmark, face_benchmark
from engine.models import weights
from pages.components.model_list.model_list import Group, Model, Words, model_list
from pages.models.lines import DIGITS, FACES, in_bytes, in_order, line
from pages.parts.address import brought, check_address, write
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.say import say

MODEL = "model"  # in the address


def main() -> None:
    st.html(Path(__file__).with_name("page.css"))
    names = in_order(weights.names())
    if not names:
        st.title(say("models.title"))
        st.error(say("models.empty"), icon=":material/error:")
        return
    check_address(model=names)
    models = [line(name) for name in names]
    size = in_bytes(sum(model.bytes for model in models))
    st.title(f"{say('models.title')} :primary[{say('models.sum', count=len(models), size=size)}]", anchor=False)
    asked = brought(MODEL) or ""
    opened = model_list(models, groups(models), words(len(models)), asked if asked in names else "", key="models")
    write(model=opened)
    st.caption(say("models.checked", lesson="lessons?lesson=9"))
    if opened:
        take_home(opened)
    side_by_side()
    what_to_try(*((say(f"models.ask.{task}"), say(f"models.try.{task}")) for task in ("noise", "curve", "train")))
    code_of_this(
        f"""from engine.models import weights

network = weights.load("{opened or names[0]}")  # its sha256 is verified
print(network)"""
    )


def take_home(name: str) -> None:
    """The weights of a network, as the file that they are; read when it is asked for."""
    path = weights.folder(name) / "model.safetensors"
    st.download_button(
        say("models.download", name=name, size=in_bytes(path.stat().st_size)),
        path.read_bytes,
        f"{name}.safetensors",
        "application/octet-stream",
        icon=":material/download:",
        on_click="ignore",  # no rerun
        help=say("models.download.help", name=name),
        key="weights",
    )


def groups(models: list[Model]) -> list[Group]:
    """Faces and digits, with how many there are."""
    counts = {name: sum(model.group == name for model in models) for name in (FACES, DIGITS)}
    return [
        Group(
            name,
            say(f"models.{name}"),
            say(f"models.{name}-say"),
            say("models.faces-never") if name == FACES else "",
            say(f"models.only-{name}", count=counts[name]),
        )
        for name in (FACES, DIGITS)
        if counts[name]
    ]


def words(count: int) -> Words:
    """What the list says itself."""
    return Words(
        all=say("models.all", count=count),
        filter=say("models.filter"),
        columns=(say("models.file"), say("models.parameters"), say("models.trained"), say("models.may")),
        figures=say("models.figures"),
        training=say("models.training"),
        no_curve=say("models.no-curve"),
        copy=say("models.copy"),
        copied=say("models.copied"),
        start=say("models.start"),
        end=say("models.end"),
    )


def side_by_side() -> None:
    """The tables of `python -m engine benchmark faces` and `benchmark digits`."""
    for title, bench in (("faces", face_benchmark), ("digits", digit_benchmark)):
        found = bench.shipped()
        if found is None:
            continue
        with st.expander(say(f"models.all-{title}"), icon=":material/table_chart:"):
            st.markdown(bench.markdown(found))
            st.caption(
                say(f"models.measured-{title}", command=found["command"], seed=found["seed"], count=f"{found[title]:,}")
            )


main()
