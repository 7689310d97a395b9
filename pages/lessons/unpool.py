"""Max pooling, and the slides' two ways back up, on sixteen numbers and on a digit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from engine import images, metrics
from engine.datasets import mnist
from engine.models import weights
from engine.networks import CnnAutoencoder, unpooling
from engine.problem import Problem
from pages.components.picture_row.picture_row import Picture, picture_row

SLIDES = [[125, 20, 2, 30], [10, 12, 0, 60], [1, 185, 224, 2], [5, 15, 5, 105]]  # the worked example
DECODERS = {
    "digit-cnn-switches": "Remembered positions",
    "digit-cnn-repeat": "Each value repeated",
    "digit-cnn-transposed": "Transposed convolution",
}


def show() -> str:
    """Sixteen numbers to change, then three decoders over one encoder."""
    numbers = st.columns(4, gap="medium")
    with numbers[0]:
        st.markdown("**A picture** of 4×4, to change")
        table = st.data_editor(
            {str(column): [row[column] for row in SLIDES] for column in range(4)},
            hide_index=True,
            num_rows="fixed",
            key="sixteen",
            column_config={
                str(column): st.column_config.NumberColumn(
                    " " * (column + 1), min_value=0, max_value=255, required=True
                )
                for column in range(4)
            },
        )
    rows = [[table[str(column)][row] for column in range(4)] for row in range(4)]
    values = picture_of(rows)
    pooled, positions = unpooling.max_pool(values)
    for place, title, image in (
        (numbers[1], "Max pooling", pooled),
        (numbers[2], "Un-pooling, positions remembered", unpooling.unpool(pooled, positions)),
        (numbers[3], "Un-pooling, each value repeated", unpooling.repeat(pooled)),
    ):
        with place:
            st.markdown(f"**{title}**")
            st.dataframe(image[0, 0].int().numpy(), hide_index=True, column_config=nameless(image.shape[3]))
    on_a_digit()
    return f"""import torch
from engine.networks import unpooling

picture = torch.tensor([[{rows}]], dtype=torch.float32)  # (1, 1, 4, 4)
pooled, positions = unpooling.max_pool(picture)
remembered, repeated = unpooling.unpool(pooled, positions), unpooling.repeat(pooled)
print(pooled, remembered, repeated)"""


def picture_of(rows: Sequence[Sequence[float | None]]) -> Tensor:
    """The table as a picture (1, 1, 4, 4); raises `Problem` for an empty cell."""
    numbers = np.array(rows, dtype=np.float32)
    if not np.isfinite(numbers).all():
        raise Problem("A cell of the picture is empty: give each a number from 0 to 255.")
    return torch.from_numpy(numbers).view(1, 1, 4, 4)


def nameless(columns: int) -> dict[str, Any]:
    return {str(column): st.column_config.NumberColumn(" " * (column + 1)) for column in range(columns)}


def on_a_digit() -> None:
    """One encoder, three decoders; and what they make of a code that is not this digit's."""
    st.markdown("**The same in a network**: one encoder with two poolings and a code of 50 numbers, three ways back up")
    with st.container(horizontal=True):
        number = st.number_input("Test digit", 0, 9999, 18, key="pooled digit", persist_state="session")
        other = st.number_input("Code of another digit", 0, 9999, 0, key="other code", persist_state="session")
    digit, foreign = mnist.test_half().images[[number, other]].float().div(255).split(1)
    own, leaked = [], []
    for model, title in DECODERS.items():
        network = weights.shared(model)
        assert isinstance(network, CnnAutoencoder)
        with torch.inference_mode():
            code, positions = network.encode_with_positions(digit)
            rebuilt = network.decode(code, positions)
            mixed = network.decode(network.encode(foreign), positions)
        error = metrics.mse(rebuilt, digit).item()
        own.append(Picture(title, images.data_url(rebuilt, "png"), f"MSE {error:.4f}"))
        leaked.append(Picture(title, images.data_url(mixed, "png"), "its decoder, the other code"))
    picture_row(
        [Picture("Original", images.data_url(digit, "png")), *own], key="three ways", pixelated=True, min_width=110
    )
    picture_row(
        [Picture("The other digit", images.data_url(foreign, "png")), *leaked],
        key="leak",
        pixelated=True,
        min_width=110,
    )
    st.caption(
        "Positions do not pass through the code: they travel beside it, two bits for every pooled cell. Given the code"
        " of *another* digit, the first decoder still draws the outline of this one: that is why it looks so good."
    )
