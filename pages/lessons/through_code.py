"""A test digit through 784-50-784: every one of the 50 numbers can be turned off."""

import streamlit as st
import torch

from engine import images, metrics
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.lesson_code.lesson_code import lesson_code, turned_off
from pages.lessons.step import Shown
from pages.parts.address import check_address
from pages.parts.say import say

MODEL = "digit-autoencoder"
KEY = "lesson code"
ENOUGH = 5  # numbers to turn off


def show() -> Shown:
    """The digit, its numbers, and what the decoder makes of those that are left."""
    check_address(digit=(0, 9999))
    number = st.number_input(
        say("lesson.code.digit"), 0, 9999, 18, key="digit", bind="query-params", persist_state="session", width=220
    )
    digit = mnist.test_half().images[number : number + 1].float() / 255
    network = weights.shared(MODEL, Autoencoder)
    off = turned_off(KEY, network.code_size)
    with torch.inference_mode():
        code = network.encode(digit)
        largest = code.max().item()
        shares = (code[0] / max(largest, 1e-6)).tolist()
        whole = metrics.mse(network.decode(code), digit).item()
        code[:, off] = 0
        answer = network.decode(code)
    error = metrics.mse(answer, digit).item()
    lesson_code(
        (images.data_url(digit, "png"), images.data_url(answer, "png")),
        shares,
        off,
        {
            "given": say("lesson.code.given"),
            "answer": say("lesson.code.answer", error=f"{error:.4f}"),
            "tile": say("lesson.code.tile", on=network.code_size - len(off)),
            "cell": say("lesson.code.cell", number="{number}"),
            "all": say("lesson.code.all"),
        },
        key=KEY,
    )
    return Shown(
        len(off) >= ENOUGH,
        {"whole": f"{whole:.4f}", "error": f"{error:.4f}", "off": len(off), "left": network.code_size - len(off)},
        f"""from engine.datasets import mnist
from engine.models import weights

digit = mnist.test_half().images[{number}:{number + 1}].float() / 255  # (1, 1, 28, 28)
network = weights.load("{MODEL}")
code = network.encode(digit)  # (1, 50)
code[:, {off}] = 0
restored = network.decode(code)""",
    )
