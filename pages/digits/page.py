"""How much noise can it see through?"""

from pathlib import Path

import streamlit as st
import torch
from torch import Tensor

from engine.corruptions import noise
from engine.datasets import mnist
from engine.latent import maps
from engine.restoration import denoising
from pages.components.digit_canvas.digit_canvas import digit_canvas
from pages.components.latent_map.latent_map import Marker, Scatter, latent_map
from pages.digits.four_rows import four_pictures, four_rows
from pages.digits.methods import side_by_side
from pages.digits.row import FIRST, row
from pages.digits.state import DigitsState
from pages.parts.address import check_address
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import state_of

CLASSES = [str(digit) for digit in range(10)]
MAP, ROWS, EVERY = "On the map of digits", "The slides' four rows", "Every method at every strength"


def main() -> None:
    st.html(Path(__file__).with_name("page.css"))
    st.title(say("digits.title"), anchor=False)
    check_address(
        source=["From the test set", "Draw it"],
        noise=list(noise.NOISES),
        strength=(0.0, 1.0),
        seed=(0, 9999),
        digit=(0, len(mnist.test_half()) - 1),
        show=[MAP, ROWS, EVERY],
    )
    denoise()
    below()


@st.fragment
@problems_said()
def denoise() -> None:
    """The digit, its noise, the machine and a closer look: one fragment."""
    with st.container(key="bench"):
        choose, see = st.columns([1, 2.9], gap="medium")
    with choose:
        source = st.segmented_control(
            "Digit",
            ["From the test set", "Draw it"],
            default="From the test set",
            required=True,
            key="source",
            bind="query-params",
            label_visibility="collapsed",
        )
        clean, code, number = drawn() if source == "Draw it" else chosen()
        kind = st.pills(
            "Noise",
            list(noise.NOISES),
            wrap=True,
            default="Gaussian",
            required=True,
            key="noise",
            bind="query-params",
        )
        strength = st.slider(
            noise.STRENGTHS[kind],
            0.0,
            1.0,
            0.4,
            0.05,
            key="strength",
            bind="query-params",
        )
        seed = st.number_input(
            "Seed of the noise",
            0,
            9999,
            0,
            key="seed",
            bind="query-params",
            help="The same seed draws the same noise.",
        )
    if clean is None:
        with see:
            st.info(
                "Draw a digit on the black square: the answers appear as soon as there is ink.",
                icon=":material/draw:",
            )
        return
    noisy = noise.NOISES[kind](clean, strength, torch.Generator().manual_seed(seed))
    with see:
        method = row(clean, noisy, strength, number)
    closer_look(clean, noisy, kind, strength, seed)
    network = denoising.NETWORKS.get(method, denoising.NETWORKS[FIRST])
    code_of_this(
        f"""import torch
from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights

{code}
noisy = noise.NOISES["{kind}"](digit, {strength}, torch.Generator().manual_seed({seed}))
restored = weights.load("{network}")(noisy)"""
    )


def closer_look(clean: Tensor, noisy: Tensor, kind: str, strength: float, seed: int) -> None:
    """What stands under the machine: one of three."""
    look = st.pills(
        "Look closer",
        [MAP, ROWS, EVERY],
        default=MAP,
        required=True,
        key="show",
        bind="query-params",
        label_visibility="collapsed",
    )
    if look == ROWS:
        four_rows(clean, kind, strength, seed)
    elif look == EVERY:
        side_by_side(clean, noisy, kind, strength, seed)
    else:
        where_it_lies(clean, noisy)


def chosen() -> tuple[Tensor, str, int]:
    """A digit of the test set, by class, at random or by number; the code that fetches it; its number."""
    held = mnist.test_half()
    st.pills(
        "Class",
        range(10),
        wrap=True,
        key="class",
        persist_state="session",
        on_change=another,
        help="Choose a class, or none for all of them.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input("Number in the test set", 0, len(held) - 1, key="digit", bind="query-params")
        st.button("At random", icon=":material/casino:", on_click=another)
    code = f"digit = mnist.test_half().images[{number}:{number + 1}].float() / 255  # (1, 1, 28, 28)"
    return held.images[number : number + 1].float() / 255, code, number


def another() -> None:
    """Another digit of the chosen class; each click draws anew, and the number it finds is in the address."""
    state = state_of(DigitsState)
    state.draws += 1
    generator = torch.Generator().manual_seed(state.draws)
    st.session_state["digit"] = mnist.at_random(st.session_state.get("class"), generator)


def drawn() -> tuple[Tensor | None, str, None]:
    """A digit drawn by hand, centred the MNIST way; None while the canvas is empty. It has no number."""
    drawing = digit_canvas("canvas")
    centred = st.toggle(
        "Centre it the MNIST way",
        value=True,
        key="centre",
        persist_state="session",
        help="Cut out, fitted to 20×20 pixels, laid with its centre of mass in the middle; *Lessons* shows the steps.",
    )
    if drawing is None:
        return None, "", None
    step = "digit" if centred else "drawn"
    code = f"""import numpy as np

drawing = np.eye(280, dtype=np.uint8) * 255  # put your drawing here: white ink on black
digit = mnist.centre(drawing).{step}"""
    steps = mnist.centre(drawing)
    return steps.digit if centred else steps.drawn, code, None


def where_it_lies(clean: Tensor, noisy: Tensor) -> None:
    """The map of the test digits with this digit's codes, clean and noisy; beside it this digit's own four pictures."""
    intact, disturbed = maps.load_map("autoencoder").place(torch.cat([clean, noisy])).tolist()
    scatter = Scatter(
        "app/static/digit-map.bin",
        maps.load_map("autoencoder").extent,
        "Map of the codes of the 10,000 test digits.",
        classes=CLASSES,
        markers=[Marker(intact[0], intact[1], "clean", "clean"), Marker(disturbed[0], disturbed[1], "noisy", "noisy")],
        path=True,
        height=300,
    )
    left, right = st.columns([1, 2], gap="medium")  # the map is about as wide as it is high
    with left:
        latent_map(scatter, key="digit codes")
        st.caption(
            "The map: another autoencoder squeezes each digit through two numbers; here are those of the 10,000 test"
            " digits. Nobody told it the classes. The arrow shows where the noise carries this digit."
        )
    with right:
        four_pictures(clean, noisy)


def below() -> None:
    """What the fold hides."""
    with st.expander("What is a denoising autoencoder?", icon=":material/blur_on:"):
        st.markdown(
            """
The network is given the noisy digit and asked for the clean one: 784 pixels, 50 numbers, 784 pixels. Noise does not
fit through 50 numbers, digits do. It was trained on Gaussian noise of every strength from none to σ = 0.8; a network
trained on one strength only wrecks clean digits. Salt and pepper it has never met.
"""
        )
    what_to_try(
        "Raise σ until you cannot read the digit. Can the network? Follow the arrow on the map.",
        "Choose a noise that no network has met: stripes, blur, inversion. Where does each method break?",
        "Draw a letter. Which digit does the network think it is?",
    )


main()
