"""The slides' four rows at any strength of noise, and what each way of teaching makes of it."""

import altair as alt
import streamlit as st
import torch
from torch import Tensor

from engine import images, metrics
from engine.corruptions.noise import gaussian_noise
from engine.datasets import mnist
from engine.models import weights
from engine.training import digit_grid
from pages.components.lesson_strips.lesson_strips import Strip, lesson_strips
from pages.lessons.choice import seen
from pages.lessons.step import Shown
from pages.parts import charts
from pages.parts.say import say

KEY = "level"
TAUGHT = {"none": "clean", "gaussian 0.2": "weak", "gaussian 0.6": "strong", "gaussian 0-0.8": "range"}


def show() -> Shown:
    """A slider of strengths, the four rows, four curves."""
    found = digit_grid.read()
    level = st.select_slider(say("lesson.noise.level"), digit_grid.LEVELS, 0.4, key=KEY, persist_state="session")
    ten = mnist.test_half().images[list(digit_grid.SHOWN)].float() / 255
    noisy = gaussian_noise(ten, level, torch.Generator().manual_seed(0))
    with torch.inference_mode():
        plain, cleaned = (weights.shared(model)(noisy) for model in ("digit-autoencoder", "digit-denoiser"))
    rows: dict[str, Tensor] = {"original": ten, "noisy": noisy, "plain": plain, "cleaned": cleaned}
    left, right = st.columns([3, 2], gap="large")
    with left:
        lesson_strips(
            [
                Strip(
                    say(f"lesson.noise.{name}"),
                    images.data_url(images.tiled(pictures, 10), "png"),
                    "" if pictures is ten else say("lesson.error", error=f"{metrics.mse(pictures, ten).mean():.4f}"),
                    name == "cleaned",
                )
                for name, pictures in rows.items()
            ],
            10,
            key="noise strips",
        )
    names = {taught: say(f"lesson.noise.taught-{name}") for taught, name in TAUGHT.items()}
    with right:
        charts.line_chart(
            [{"level": row["level"], "error": row["mse"], "taught": names[row["taught"]]} for row in found["levels"]],
            alt.X("level", type="quantitative", title=say("lesson.noise.axis")),
            alt.Y("error", type="quantitative", title=say("lesson.squared-error")),
            says=say("lesson.noise.chart"),
            series="taught",
            names=list(names.values()),
            at=level,
            height=300,
        )
    least, most = (digit_grid.errors_under_noise(found, one) for one in (0.0, 0.8))
    return Shown(
        {0.0, 0.8} <= seen(KEY, level),
        {
            "strong0": f"{least['gaussian 0.6']:.3f}",
            "range0": f"{least['gaussian 0-0.8']:.3f}",
            "weak8": f"{most['gaussian 0.2']:.3f}",
            "range8": f"{most['gaussian 0-0.8']:.3f}",
        },
        f"""import torch
from engine.corruptions.noise import gaussian_noise
from engine.datasets import mnist
from engine.models import weights

digits = mnist.test_half().images[{list(digit_grid.SHOWN)}].float() / 255
noisy = gaussian_noise(digits, {level}, torch.Generator().manual_seed(0))
cleaned = weights.load("digit-denoiser")(noisy)""",
    )
