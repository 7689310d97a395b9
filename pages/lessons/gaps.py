"""A space without gaps: the same walk and the same random codes through an autoencoder and a variational one."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import digit_reader, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.lesson_strips.lesson_strips import Strip, lesson_strips
from pages.lessons.choice import seen
from pages.lessons.step import Shown
from pages.parts.say import say

MODELS = {"plain": "digit-map", "variational": "digit-map-vae", "fifty": "digit-code-50"}
STEPS, SAMPLES, JUDGED, SURE = 9, 9, 1000, 0.9
FROM, TO = 3, 32  # a 0 and a 3
KEY = "sampling seed"


def show() -> Shown:
    """Nine steps between two digits, and nine random codes, through both decoders."""
    seed = st.slider(say("lesson.gaps.seed"), 0, 9, 0, key=KEY, persist_state="session", width=320)
    strips: list[Strip] = []
    facts: dict[str, object] = {}
    for name, model in MODELS.items():
        walk, drawn = walked(model), sampled(model, SAMPLES, seed)
        share = readable(model)
        facts[name] = f"{100 * share:.0f}"
        strips.append(Strip(say(f"lesson.gaps.walk-{name}"), images.data_url(images.tiled(walk, STEPS), "png")))
        said = say("lesson.gaps.readable", share=facts[name])
        strips.append(
            Strip(say(f"lesson.gaps.drawn-{name}"), images.data_url(images.tiled(drawn, SAMPLES), "png"), said)
        )
    for column, some, key in zip(
        st.columns(2, gap="large"), (strips[::2], strips[1::2]), ("walks", "drawn"), strict=True
    ):
        with column:
            lesson_strips(some, STEPS, key=key)
    st.caption(say("lesson.gaps.how", count=JUDGED, sure=f"{100 * SURE:.0f}"))
    return Shown(
        len(seen(KEY, seed)) > 2,
        facts,
        f"""from pages.lessons import gaps

pictures = gaps.sampled("digit-map-vae", {SAMPLES}, seed={seed})  # (9, 1, 28, 28)
walk = gaps.walked("digit-map-vae")""",
    )


def walked(model: str) -> Tensor:
    """The straight line between the codes of two test digits, decoded (STEPS, 1, 28, 28)."""
    network = weights.shared(model, Autoencoder)
    ends = mnist.test_half().images[[FROM, TO]].float() / 255
    with torch.inference_mode():
        first, last = network.encode(ends).split(1)
        return network.decode(torch.lerp(first, last, torch.linspace(0, 1, STEPS)[:, None]))


def sampled(model: str, count: int, seed: int) -> Tensor:
    """Random codes, decoded: normal, with the mean and the deviations that the codes of the test digits have."""
    network = weights.shared(model, Autoencoder)
    codes = spread(model)
    drawn = torch.randn(count, network.code_size, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        return network.decode(codes[0] + drawn * codes[1])


@st.cache_data(show_spinner=False)
def spread(model: str) -> Tensor:
    """Mean and deviation of the codes of all test digits (2, D)."""
    found = maps.digit_codes(model)
    return torch.stack([found.mean(0), found.std(0)])


@st.cache_data(show_spinner=False)
def readable(model: str) -> float:
    """The share of random codes whose picture the digits' reader takes for some digit, surely."""
    return (digit_reader.read(sampled(model, JUDGED, 0)).amax(1) >= SURE).float().mean().item()
