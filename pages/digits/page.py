"""How much noise can it see through?"""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.corruptions import noise
from engine.datasets import mnist
from engine.latent import maps
from engine.models import weights
from pages.components.digit_canvas.digit_canvas import digit_canvas
from pages.components.latent_map.latent_map import Marker, Scatter, latent_map
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.digits.methods import decibels, side_by_side
from pages.digits.state import DigitsState
from pages.parts.address import check_address
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.problems import problems_said
from pages.parts.state import state_of

MODEL = "digit-denoiser"
CLASSES = [str(digit) for digit in range(10)]


def main() -> None:
    st.title("See through the noise")
    st.markdown("Take a digit or draw one, add noise, and watch 50 numbers carry it through.")
    check_address(
        source=["From the test set", "Draw it"],
        noise=list(noise.NOISES),
        strength=(0.0, 1.0),
        seed=(0, 9999),
        digit=(0, len(mnist.test_half()) - 1),
    )
    denoise()
    below()


@st.fragment
@problems_said()
def denoise() -> None:
    """The digit, its noise, the four pictures and the map: one fragment."""
    choose, see = st.columns([2, 3], gap="large")
    with choose:
        source = st.segmented_control(
            "Digit",
            ["From the test set", "Draw it"],
            default="From the test set",
            required=True,
            key="source",
            bind="query-params",
        )
        clean, code = drawn() if source == "Draw it" else chosen()
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
                "Draw a digit on the black square: the four pictures appear as soon as there is ink.",
                icon=":material/draw:",
            )
        return
    noisy = noise.NOISES[kind](clean, strength, torch.Generator().manual_seed(seed))
    network = weights.shared(MODEL)
    with torch.inference_mode():
        clean_out, noisy_out = network(torch.cat([clean, noisy])).split(1)
    with see:
        picture_row(
            [
                Picture("Original", images.data_url(clean, "png")),
                Picture("Noisy", images.data_url(noisy, "png"), decibels(noisy, clean)),
                Picture(
                    "Original, through the network",
                    images.data_url(clean_out, "png"),
                    decibels(clean_out, clean),
                ),
                Picture(
                    "Noisy, through the network",
                    images.data_url(noisy_out, "png"),
                    decibels(noisy_out, clean),
                ),
            ],
            key="four",
            pixelated=True,
            min_width=150,
            tap=True,
        )
        st.caption("PSNR and MSE against the original. 3 dB more is half the error.")
        where_it_lies(clean, noisy)
    side_by_side(clean, noisy, kind, strength, seed)
    code_of_this(
        f"""import torch
from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights

{code}
noisy = noise.NOISES["{kind}"](digit, {strength}, torch.Generator().manual_seed({seed}))
restored = weights.load("{MODEL}")(noisy)  # the last of the four pictures"""
    )


def chosen() -> tuple[Tensor, str]:
    """A digit of the test set, by class, at random or by number; and the code that fetches it."""
    held = mnist.test_half()
    st.pills(
        "Class",
        range(10),
        key="class",
        persist_state="session",
        on_change=another,
        help="Choose a class, or none for all of them.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input("Number in the test set", 0, len(held) - 1, key="digit", bind="query-params")
        st.button("At random", icon=":material/casino:", on_click=another)
    st.caption(f"Test digit {number} is a {held.labels[number]}.")
    code = f"digit = mnist.test_half().images[{number}:{number + 1}].float() / 255  # (1, 1, 28, 28)"
    return held.images[number : number + 1].float() / 255, code


def another() -> None:
    """Another digit of the chosen class; each click draws anew, and the number it finds is in the address."""
    state = state_of(DigitsState)
    state.draws += 1
    generator = torch.Generator().manual_seed(state.draws)
    st.session_state["digit"] = mnist.at_random(st.session_state.get("class"), generator)


def drawn() -> tuple[Tensor | None, str]:
    """A digit drawn by hand, centred the MNIST way; None while the canvas is empty."""
    drawing = digit_canvas("canvas")
    centred = st.toggle(
        "Centre it the MNIST way",
        value=True,
        key="centre",
        persist_state="session",
        help="Cut out, fitted to 20×20 pixels, laid with its centre of mass in the middle; *Lessons* shows the steps.",
    )
    if drawing is None:
        return None, ""
    step = "digit" if centred else "drawn"
    code = f"""import numpy as np

drawing = np.eye(280, dtype=np.uint8) * 255  # put your drawing here: white ink on black
digit = mnist.centre(drawing).{step}"""
    steps = mnist.centre(drawing)
    return steps.digit if centred else steps.drawn, code


def where_it_lies(clean: Tensor, noisy: Tensor) -> None:
    """The map of the test digits with this digit's codes, clean and noisy."""
    intact, disturbed = maps.load_map("autoencoder").place(torch.cat([clean, noisy])).tolist()
    st.markdown("**Where its code lies**")
    scatter = Scatter(
        "app/static/digit-map.bin",
        maps.load_map("autoencoder").extent,
        "Map of the codes of the 10,000 test digits.",
        classes=CLASSES,
        markers=[Marker(intact[0], intact[1], "clean", "clean"), Marker(disturbed[0], disturbed[1], "noisy", "noisy")],
        path=True,
        height=400,
    )
    latent_map(scatter, key="digit codes")
    st.caption(
        "The map: another autoencoder squeezes each digit through two numbers; here are those of the 10,000 test"
        " digits. Nobody told it the classes. The arrow shows where the noise carries this digit."
    )


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
