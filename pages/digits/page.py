"""How much noise can it see through?"""

from pathlib import Path

import streamlit as st
import torch
from torch import Tensor

from engine.corruptions import noise
from engine.datasets import mnist
from engine.latent import maps
from engine.restoration import denoising
from pages.components.latent_map.latent_map import Marker, Scatter, latent_map
from pages.digits.digit import DIGITS, drawn, number_of_digit, ten_digits, test_digit
from pages.digits.doors import doors, leave_for_the_lesson
from pages.digits.four_rows import four_pictures, four_rows
from pages.digits.methods import METHODS, side_by_side
from pages.digits.noises import (
    LAST_SEED,
    disturbed,
    draw_again,
    drawing_of_noise,
    how_strong,
    kinds_of_noise,
    noise_in_address,
)
from pages.digits.row import row
from pages.parts.address import check_address
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.named_choice import called, choose
from pages.parts.problems import problems_said
from pages.parts.say import explained, say

TEST, DRAW = "Choose one", "Draw it"
MAP, ROWS, EVERY = "On the map of digits", "Ten digits in four rows", "Every method at every strength"


def main() -> None:
    st.html(Path(__file__).with_name("page.css"))
    check_address(
        source=[TEST, DRAW],
        noise=list(noise.NOISES),
        strength=(0.0, 1.0),
        seed=(0, LAST_SEED),
        digit=(0, len(mnist.test_half()) - 1),
        show=[MAP, ROWS, EVERY],
    )
    denoise()
    below()


@st.fragment
@problems_said()
def denoise() -> None:
    """The digit, its noise, the machine and a closer look: one fragment."""
    leave_for_the_lesson()
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small", key="top"
    ):
        st.title(say("digits.title"), anchor=False, width="content")
        source = choose(
            "source",
            [TEST, DRAW],
            TEST,
            say("digits.source"),
            lambda name: called("digits.source", name),
            persist_state="session",
            width="content",
        )
    bench, ways_on, under = st.container(key="bench"), st.container(key="ways-on"), st.container()
    with under:
        look = closer_look()
        place = st.container()
        with st.expander(say("digits.by-number"), icon=":material/pin:"):
            number, seed = None, drawing_of_noise()
            if source == TEST:
                number = number_of_digit()
    kind = noise_in_address()
    with bench:  # in the order of a phone; page.css lays it out on a desk
        machine = st.container(key="answers")
        pen = st.container(key="pen")
        chips = st.container(key="chips")
        with st.container(key="settings"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                strength = how_strong(kind)
                st.button(say("digits.draw-again"), icon=":material/casino:", on_click=draw_again, key="again")
            if number is None:
                clean, code = drawn(pen, st.container(key="drawing-tools"))
            else:
                clean, code = test_digit(number)
                ten_digits(number)
        with chips:
            kinds_of_noise(clean, kind, strength, seed)
    if clean is None:
        machine.info(say("digits.draw-first"), icon=":material/draw:")
        return
    noisy = disturbed(clean, kind, strength, seed)
    with machine:
        restored = {name: denoising.denoise(noisy, name, strength) for name in METHODS}
        method = row(clean, noisy, restored, kind, number)
    with ways_on:
        doors(noisy, restored, DRAW)
    with place, problems_said():
        if look == ROWS:
            st.caption(explained(say("digits.four-rows")), unsafe_allow_html=True)
            four_rows(clean, kind, strength, seed)
        elif look == EVERY:
            side_by_side(clean, noisy, kind, strength, seed)
        else:
            where_it_lies(clean, noisy)
    if network := denoising.NETWORKS.get(method):
        imported, call = "from engine.models import weights", f'weights.load("{network}")(noisy)'
    else:
        imported = "from engine.restoration import denoising"
        call = f'denoising.denoise(noisy, "{method}", {strength})'
    with under:
        code_of_this(
            f"""import torch
from engine.corruptions import noise
from engine.datasets import mnist
{imported}

{code}
noisy = noise.NOISES["{kind}"](digit, {strength}, torch.Generator().manual_seed({seed}))
restored = {call}"""
        )


def closer_look() -> str:
    """What stands under the machine: one of three."""
    looks = [MAP, ROWS, EVERY]
    return choose(
        "show",
        looks,
        MAP,
        say("digits.look"),
        lambda name: called("digits.look", name),
        widget=st.pills,
        persist_state="session",
    )


def where_it_lies(clean: Tensor, noisy: Tensor) -> None:
    """The map of the test digits with this digit's codes, clean and noisy; beside it this digit's own four pictures."""
    intact, moved = maps.load_map("autoencoder").place(torch.cat([clean, noisy])).tolist()
    scatter = Scatter(
        "app/static/digit-map.bin",
        maps.load_map("autoencoder").extent,
        say("digits.map"),
        classes=DIGITS,
        markers=[
            Marker(intact[0], intact[1], say("digits.map.clean"), "clean"),
            Marker(moved[0], moved[1], say("digits.map.noisy"), "noisy"),
        ],
        path=True,
        height=300,
    )
    left, right = st.columns([1, 2], gap="medium")  # the map is about as wide as it is high
    with left:
        latent_map(scatter, key="digit codes")
        st.caption(explained(say("digits.map.about")), unsafe_allow_html=True)
    with right:
        four_pictures(clean, noisy)


def below() -> None:
    """What the fold hides."""
    with st.expander(say("digits.what-is-it"), icon=":material/blur_on:"):
        st.markdown(explained(say("digits.denoising")), unsafe_allow_html=True)
    what_to_try(*((say(f"digits.ask.{task}"), say(f"digits.try.{task}")) for task in ("strong", "unmet", "letter")))


main()
