"""The exhibit of every step, by its name in `path`."""

from pages.lessons import (
    article,
    centring,
    code_sizes,
    colour,
    deconvolution,
    features,
    gaps,
    layers,
    mean,
    noise,
    plane,
    start,
    three_ways,
    through_code,
    train,
    unpool,
)
from pages.lessons.step import Exhibit

EXHIBITS: dict[str, Exhibit] = {
    "code": through_code.show,
    "layers": layers.show,
    "bottleneck": code_sizes.show,
    "features": features.show,
    "noise": noise.show,
    "centring": centring.show,
    "unpool": unpool.show,
    "three ways": three_ways.show,
    "deconvolution": deconvolution.show,
    "start": start.show,
    "mean": mean.show,
    "plane": plane.show,
    "article": article.show,
    "colour": colour.show,
    "gaps": gaps.show,
    "train": train.show,
}
