"""What lies where the hand is on a latent map: what the decoder draws there, how far it is from anything real, and its
nearest neighbours."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from engine.latent import maps
from pages.components.frontend import frontend
from pages.components.latent_map.latent_map import Sprite

_mount = frontend("decoded_place", "cells", "distance", styles=("distance", "narrow"))


@dataclass(frozen=True)
class Words:
    """The words of the part, in the visitor's language."""

    drawn: str  # heading of the picture
    from_two: str  # the line under it
    far: str  # heading of the scale
    among: str  # its three zones
    edge: str
    nobody: str
    verdict: str  # what the scale says of this place
    neighbours: str  # heading
    save: str  # title of the download


@dataclass(frozen=True)
class Neighbour:
    """A real code near the place."""

    number: int  # of its tile in the sprite
    label: str


def decoded_place(
    view: maps.Map,
    place: tuple[float, float],
    url: str,
    neighbours: Sequence[Neighbour],
    sprite: Sprite,
    words: Words,
    *,
    distance: float,
) -> None:
    """Show `url`, the picture at `place` of the map as its decoder draws it; "" where nothing decodes.

    distance: from the place to the nearest real code. While a hand moves on the map, the browser shows the nearest of
    the pictures that were drawn ahead for the whole map, and sets the performance mark "decoded:glimpsed"; with the
    exact picture comes "decoded:exact".
    """
    data = {
        "map": f"app/static/{view.file}.bin",
        "grid": f"app/static/{view.file}-grid.webp" if view.decodes else "",
        "cells": maps.CELLS,
        "extent": view.extent,
        "at": place,
        "url": url,
        "pixelated": view.labels is not None,
        "distance": distance,
        "bounds": view.familiarity.bounds,
        "neighbours": [asdict(neighbour) for neighbour in neighbours],
        "sprite": asdict(sprite) | {"rows": -(-len(view.points) // sprite.columns)},
        "file": f"{view.name}.png",
        "words": asdict(words),
    }
    _mount(data=data, key="decoded")
