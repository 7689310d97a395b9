"""What is in the box? Each shipped model with its card, figures, limits and the command that trains it again."""

from typing import Any

import altair as alt
import streamlit as st
import torch

from engine import images
from engine.datasets import mnist
from engine.evaluation import digit_benchmark, face_benchmark
from engine.models import model_card, weights
from engine.photos import gallery
from engine.restoration import unet_input
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts import charts
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.problems import problems_said


def main() -> None:
    st.title("What is in the box")
    st.markdown(
        "Every network of this app lies in the folder `weights/`: plain numbers, checked against their hash at loading,"
        " with the command that trains them again."
    )
    names = weights.names()
    if not names:
        st.error(
            "The folder `weights/` is empty: get it back with `git checkout -- weights`.",
            icon=":material/error:",
        )
        return
    name = st.segmented_control("Model", names, default=names[0], required=True, key="model", bind="query-params")
    show(name)
    side_by_side()
    what_to_try(
        "Compare the figures of `digit-denoiser` from σ = 0 to σ = 0.8. At which noise does it lose the digit?",
        "Look at the curve of a training run. When could it have been stopped?",
        "Train `digit-denoiser` yourself with the command above (two minutes on a laptop), then look at its figures.",
    )


@problems_said()
def show(name: str) -> None:
    """One card."""
    content = weights.config(name)
    size = weights.sizes(name)
    st.header(content["title"])
    with st.container(horizontal=True, gap="large"):
        st.metric("Parameters", f"{size['parameters']:,}")
        st.metric("File", f"{size['bytes'] / 1e6:.1f} MB")
        st.metric("Trained for", f"{content['seconds'] / 60:,.0f} min")
        st.metric("Epochs", content["recipe"]["epochs"])
    sample(content)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Figures on its test data**")
        st.markdown(model_card.figures_table(content))
        st.caption(f"Measured on the shipped weights ({model_card.precision(content)}) by this command:")
        st.code(content["evaluate"], language=None, wrap_lines=True)
    with right:
        st.markdown("**What training took**")
        losses = [row["loss"] for row in weights.history(name) if "loss" in row]
        if losses:  # what is computed in closed form has none
            charts.line_chart(
                [{"epoch": epoch, "loss": loss, "of": "training"} for epoch, loss in enumerate(losses, 1)],
                alt.X("epoch", type="quantitative"),
                alt.Y("loss", type="quantitative", title=f"loss ({content['recipe']['loss']})"),
                says="Training loss after every epoch.",
                series="of",
                names=["training"],
            )
        st.caption(f"{content['hardware']}; {content['date']}; seed {content['recipe']['seed']}. Train it again:")
        st.code(content["command"], language=None, wrap_lines=True)
    with st.expander("Data, limits and licence", icon=":material/balance:"):
        st.markdown(model_card.limits(content))
    with st.expander("Hash and versions", icon=":material/fingerprint:"):
        st.markdown(f"sha256 of model.safetensors: `{content['sha256']}`")
        st.json({"versions": content["versions"], "recipe": content["recipe"]})
    code_of_this(
        f"""from engine.models import weights

network = weights.load("{name}")  # its sha256 is verified
print(network)"""
    )


def side_by_side() -> None:
    """The tables of `python -m engine benchmark faces` and `benchmark digits`."""
    for title, bench in (("faces", face_benchmark), ("digits", digit_benchmark)):
        found = bench.shipped()
        if found is None:
            continue
        with st.expander(f"All methods on {title}, measured side by side", icon=":material/table_chart:"):
            st.markdown(bench.markdown(found))
            st.caption(f"`{found['command']}`, seed {found['seed']}; {found[title]:,} test {title}.")


def sample(content: dict[str, Any]) -> None:
    """A row of pictures: what the model makes of three inputs."""
    generator = torch.Generator().manual_seed(1)
    network = weights.shared(content["name"])
    is_face = content["recipe"]["data"] == "faces"
    if is_face:
        targets = torch.cat([face.image for face in gallery.gallery().values()][:3])
    else:
        targets = mnist.test_half().images[[7, 18, 2]].float() / 255
    refines = content["recipe"].get("refines", "")
    given = unet_input.shown(targets, content["recipe"]["corruption"], refines, generator)
    with torch.inference_mode():
        returned = network(given)
    pictures = []
    for before, after in zip(given.split(1), returned.split(1), strict=True):
        pictures += [
            Picture("first draft" if refines else "given", images.data_url(before[:, :3], "png")),
            Picture("returned", images.data_url(after, "png")),
        ]
    picture_row(pictures, key="sample", pixelated=not is_face, min_width=110, tap=True)


main()
