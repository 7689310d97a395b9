"""What the list of models says of a network: its line and the card behind it, from config.json and history.jsonl."""

from collections.abc import Callable, Sequence

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.corruptions import masks, noise
from engine.datasets import mnist
from engine.models import model_card, weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import methods, unet_input
from pages.components.model_list.model_list import Model
from pages.parts.problems import sentence_of
from pages.parts.say import catalogue, say

FACES, DIGITS = "faces", "digits"
CLOSE_UP = (slice(28, 124), slice(16, 112))  # rows and columns of a face in which a hidden mouth is seen large
BOX = (50, 74, 28, 28)
FIRST = ("face-painter", "face-autoencoder", "face-unet", "face-pca", "digit-denoiser", "digit-denoiser-conv")
MAX_POINTS = 120  # of a curve
DIGIT, SEED, SIGMA = 7, 1, 0.4  # of the pictures in the lines


def in_order(names: Sequence[str]) -> list[str]:
    """The names as the list has them: faces before digits, those first that a visitor meets first."""
    place = {name: number for number, name in enumerate(FIRST)}
    return sorted(names, key=lambda name: (not name.startswith("face"), place.get(name, len(place)), name))


def line(name: str) -> Model:
    """The line and the card of a network; of one that cannot be used, why."""
    group = FACES if name.startswith("face") else DIGITS
    try:
        content, size = weights.config(name), weights.sizes(name)
        group = FACES if content["recipe"]["data"] == "faces" else DIGITS
        pair = _pair(name, content["sha256"])
    except Problem as problem:
        return Model(name, _word(name, "title", name), "", "", group, trouble=sentence_of(problem))
    free, gpu = content["licence"] == "Apache-2.0", not content["hardware"].startswith("CPU")
    losses = [row["loss"] for row in weights.history(name) if "loss" in row]
    return Model(
        name=name,
        title=_word(name, "title", content["title"]),
        says=_word(name, "says", ""),
        expect=_word(name, "expect", ""),
        group=group,
        pair=pair,
        pixelated=group == DIGITS,
        bytes=size["bytes"],
        size=in_bytes(size["bytes"]),
        parameters=_count(size["parameters"]),
        time=_time(content["seconds"]),
        hardware=content["hardware"] if gpu else say("models.cpu"),
        gpu=gpu,
        licence=say("models.free" if free else "models.not-for-profit"),
        free=free,
        figures=[(figure.replace("_", " "), f"{value:.5g}") for figure, value in content["figures"].items()],
        losses=losses[:: max(1, -(-len(losses) // MAX_POINTS))],
        curve=say("models.curve", loss=content["recipe"]["loss"], count=len(losses)) if len(losses) > 1 else "",
        texts=[
            (say("models.about"), f"{content['title']}."),
            (say("models.how"), _plain(model_card.schedule(content))),
            (say("models.data"), "\n".join(model_card.data_lines(content))),
            (say("models.limits"), _plain(model_card.limits(content))),
            (say("models.licence"), _plain(model_card.licence(content))),
            *([(say("models.capitals"), _plain(words))] if (words := model_card.stand_ins(content)) else []),
        ],
        commands=[
            (say("models.same-kind" if "prototype" in content else "models.again"), content["command"]),
            (say("models.measure"), content["evaluate"]),
        ],
        foot=f"{content['hardware']} · {content['date']} · torch {content['versions']['torch']}"
        f" · seed {content['recipe']['seed']} · sha256 {content['sha256']}",
    )


def _word(name: str, part: str, otherwise: str) -> str:
    """The catalogue's words for a network that ships; a visitor's own has none."""
    key = f"model.{name}.{part}"
    return say(key) if key in catalogue("en") else otherwise


def _plain(markdown: str) -> str:
    """A card's paragraph without its marks and line ends."""
    return " ".join(markdown.replace("*", "").split())


def _count(number: int) -> str:
    if number >= 1e6:
        return say("models.million", count=f"{number / 1e6:.1f}")
    return say("models.thousand", count=f"{number / 1e3:.0f}")


def in_bytes(count: int) -> str:
    """Bytes in words: MB of 10^6."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _time(seconds: float) -> str:
    if seconds < 100:
        return say("models.seconds", count=f"{seconds:.0f}")
    if seconds < 5400:
        return say("models.minutes", count=f"{seconds / 60:.0f}")
    return say("models.hours", count=f"{seconds / 3600:.1f}")


@st.cache_data(show_spinner=False)
def _pair(name: str, sha256: str) -> tuple[str, str]:
    """Addresses of a picture and of what a network makes of it: nobody's but the gallery's. sha256: that of its
    weights, so that another file under the same name is asked anew."""
    given, answer = SHOWN[name](_photograph()) if name in SHOWN else _as_taught(name)
    return images.data_url(given, "png"), images.data_url(answer, "png")


def _photograph() -> Tensor:
    return next(face.image for face in gallery.gallery().values() if face.photograph)


def _under_a_hole(method: str) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """A mouth that is hidden and put back, seen from close by."""

    def pair(face: Tensor) -> tuple[Tensor, Tensor]:
        hidden = masks.box_mask([masks.FEATURES["mouth"]])
        answer = methods.restore(face, hidden, method, seamless=True).composite
        return masks.hide(face, hidden)[..., *CLOSE_UP], answer[..., *CLOSE_UP]

    return pair


def _as_taught(name: str) -> tuple[Tensor, Tensor]:
    """A picture as the network's own recipe shows it, and what comes back."""
    recipe = weights.config(name)["recipe"]
    target = _photograph() if recipe["data"] == "faces" else mnist.test_half().images[DIGIT : DIGIT + 1].float() / 255
    generator = torch.Generator().manual_seed(SEED)
    given = unet_input.shown(target, recipe["corruption"], recipe.get("refines", ""), generator)
    with torch.inference_mode():
        return given[:, :3], weights.shared(name)(given)


def _under_a_box(face: Tensor) -> tuple[Tensor, Tensor]:
    """The article's box over the mouth, and the whole face that the autoencoder decodes."""
    given = masks.hide(face, masks.box_mask([BOX]))
    with torch.inference_mode():
        return given, weights.shared("face-autoencoder")(given)


def _under_noise(name: str) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """A digit that can still be read, and what the network makes of it."""

    def pair(_: Tensor) -> tuple[Tensor, Tensor]:
        digit = mnist.test_half().images[DIGIT : DIGIT + 1].float() / 255
        noisy = noise.gaussian_noise(digit, SIGMA, torch.Generator().manual_seed(SEED))
        with torch.inference_mode():
            return noisy, weights.shared(name)(noisy)

    return pair


SHOWN = {  # by other pictures than the recipe's own
    "face-painter": _under_a_hole("face-painter"),
    "face-autoencoder": _under_a_box,
    "face-unet": _under_a_hole("face-unet"),
    "face-pca": _under_a_hole("gappy-pca"),
    "digit-denoiser": _under_noise("digit-denoiser"),
    "digit-denoiser-conv": _under_noise("digit-denoiser-conv"),
}
