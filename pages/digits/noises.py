"""What is done to the digit: the kind of noise, each shown on this very digit, how strong it is and how it is drawn."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.corruptions import noise
from pages.components.picture_choice.picture_choice import Choice, picture_choice
from pages.digits.state import DigitsState
from pages.parts.address import brought, write
from pages.parts.say import say
from pages.parts.state import state_of

FIRST = next(iter(noise.NOISES))
LAST_SEED = 9999


def noise_in_address() -> str:
    """The kind of noise: what an opened link brings, else what was chosen last."""
    state = state_of(DigitsState)
    if (asked := brought("noise")) in noise.NOISES:
        state.noise = str(asked)
    write(noise="" if state.noise == FIRST else state.noise)
    return state.noise


def disturbed(clean: Tensor, kind: str, strength: float, seed: int) -> Tensor:
    """Digits (N, 1, 28, 28) with that noise."""
    return noise.NOISES[kind](clean, strength, torch.Generator().manual_seed(seed))


def kinds_of_noise(clean: Tensor | None, chosen: str, strength: float, seed: int) -> None:
    """A button for each kind that shows this digit (1, 1, 28, 28) under it; None: there is no digit yet."""
    given = torch.zeros(1, 1, 28, 28) if clean is None else clean
    picture_choice(
        [
            Choice(
                kind,
                images.data_url(disturbed(given, kind, strength, seed), "png"),
                say(f"digits.noise.{slug(kind)}"),
                say(f"digits.noise.{slug(kind)}.says"),
            )
            for kind in noise.NOISES
        ],
        chosen,
        key="noise",
        label=say("digits.noise"),
        on_choose=_choose,
        pixelated=True,
    )


def how_strong(kind: str) -> float:
    """The slider, from 0 (none) to 1 (the worst there is)."""
    return st.slider(
        say("digits.strength"),
        0.0,
        1.0,
        0.4,
        0.05,
        key="strength",
        bind="query-params",
        help=say(f"digits.noise.{slug(kind)}.strength"),
    )


def drawing_of_noise() -> int:
    """The number that the noise is drawn with."""
    return st.number_input(
        say("digits.seed"), 0, LAST_SEED, 0, key="seed", bind="query-params", help=say("digits.seed.help")
    )


def draw_again() -> None:
    """Other noise of the same kind and strength."""
    st.session_state["seed"] = (st.session_state["seed"] + 1) % (LAST_SEED + 1)


def slug(kind: str) -> str:
    """Its name in the catalogue."""
    return kind.lower().replace(" ", "-")


def _choose(kind: str) -> None:
    state_of(DigitsState).noise = kind
