"""How many numbers does a picture need? Codes against principal components, JPEG and WebP at equal bytes."""

import altair as alt
import streamlit as st
import torch

from engine import images
from engine.datasets import mnist
from engine.latent import compression, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts import charts
from pages.parts.say import say

KEEP = (2, 5, 10, 20, 30, 50)
QUALITIES = (1, 5, 20, 50, 80)


def show() -> str:
    """The curve over all methods, and the chosen digit at one budget."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input(say("codes.digit"), 0, 9999, 18, key="squeezed", bind="query-params")
        budget = st.select_slider(say("squeeze.bytes"), KEEP, 20, key="bytes", bind="query-params")
    digit = mnist.test_half().images[[number]].float() / 255
    kept = of_digit(number)
    rows = [{"method": one.method, "bytes": one.bytes, "MSE": one.error.mean().item()} for one in kept]
    left, right = st.columns(2, gap="large")
    with left:
        charts.line_chart(
            rows,
            alt.X("bytes", type="quantitative", title=say("squeeze.axis")),
            alt.Y("MSE", type="quantitative"),
            says=say("squeeze.chart"),
            series="method",
            names=list(dict.fromkeys(one.method for one in kept)),
        )
        st.caption(say("squeeze.how"))
    with right:
        at_budget = [one for one in kept if one.bytes == budget]
        smallest = {
            kind: min((one for one in kept if one.method == kind), key=lambda one: one.bytes)
            for kind in ("JPEG", "WEBP")
        }
        picture_row(
            [
                Picture(say("squeeze.original"), images.data_url(digit, "png"), say("squeeze.whole")),
                *(
                    Picture(
                        one.method,
                        images.data_url(one.reconstruction[:1], "png"),
                        say("squeeze.figures", bytes=f"{one.bytes:.0f}", error=f"{one.error.mean():.4f}"),
                    )
                    for one in [*at_budget, *smallest.values()]
                ),
            ],
            key="squeezed row",
            pixelated=True,
            min_width=90,
        )
    return f"""from engine.datasets import mnist
from engine.latent import compression, maps
from engine.models import weights
from engine.networks import Autoencoder

digit = mnist.test_half().images[[{number}]].float() / 255
network = weights.shared("digit-code-50", Autoencoder)
kept = compression.by_code("autoencoder", network, digit, maps.digit_codes("digit-code-50"), [{budget}])
print(kept[0].bytes, kept[0].error)"""


def of_digit(number: int) -> list[compression.Kept]:
    """One test digit kept by every method; directions and ranges come from the other test digits."""
    digit = mnist.test_half().images[[number]].float() / 255
    found = []
    for method, model in ((say("squeeze.autoencoder"), "digit-code-50"), (say("squeeze.components"), "digit-pca")):
        codes = maps.digit_codes(model)
        others = torch.cat([codes[:number], codes[number + 1 :]])
        found += compression.by_code(method, weights.shared(model, Autoencoder), digit, others, KEEP)
    for kind in ("jpeg", "webp"):
        found += compression.by_file(kind, digit, QUALITIES)
    return found
