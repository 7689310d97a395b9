"""What the decoder draws where the hand is on a latent map: a glimpse at once, then the exact picture."""

from engine.latent import maps
from pages.components.frontend import frontend

_mount = frontend("decoded_place", "cells")


def decoded_place(view: maps.Map, place: tuple[float, float], url: str, *, pixelated: bool, height: int) -> None:
    """Show `url`, the picture at `place` of the map as its decoder draws it.

    While a hand moves on the map, the browser shows the nearest of the pictures that were drawn ahead for the whole
    map, and sets the performance mark "decoded:glimpsed"; with the exact picture comes "decoded:exact". height: the
    most that it takes, in screen pixels.
    """
    data = {
        "map": f"app/static/{view.file}.bin",
        "grid": f"app/static/{view.file}-grid.webp",
        "cells": maps.CELLS,
        "extent": view.extent,
        "at": place,
        "url": url,
        "pixelated": pixelated,
        "height": height,
    }
    _mount(data=data, key="decoded")
