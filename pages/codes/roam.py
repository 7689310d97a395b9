"""The map of the codes: click or drag anywhere, and the decoder draws what lies there."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import code_file, codes, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.decoded_place.decoded_place import Neighbour, Words, decoded_place
from pages.components.latent_map.latent_map import DIGITS, FACES, Scatter, latent_map, picked_on
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.address import place_in_address, write
from pages.parts.named_choice import choose
from pages.parts.say import say

TITLES = {
    "autoencoder": "Autoencoder",
    "vae": "Variational autoencoder",
    "pca": "Principal components",
    "umap": "UMAP",
    "faces": "Faces",
}
NEIGHBOURS = 5
DRAWN = ("points", "pictures", "decoder")  # what stands on the map, by its names in the address


def show() -> str:
    """The map and what lies under the hand."""
    with st.container(key="roam"):  # page.css lays it out
        left, right = st.columns(2)
    with left, st.container(horizontal=True, key="which-map"):
        view = chosen_map()
        drawn = chosen_drawing(view)
    key, start = f"map {view.name}", first_place(view)
    answer = picked_on(key, view.extent) or {}
    x, y = (round(number, 3) for number in answer["pick"]) if "pick" in answer else start
    with right:
        under_the_hand(view, (x, y))  # first: it is what a click waits for
    with left:
        on_map(view, drawn, start, key)
    if "pick" in answer:
        write(at=f"{x},{y}")  # once the picture is on its way
    if "lasso" in answer:
        chosen(view, answer["lasso"], answer.get("off", []))
    with st.container(horizontal=True, vertical_alignment="center"):
        if figures := figures_of(view):
            st.caption(figures)
        st.download_button(
            say("map.csv"),
            lambda: code_file.to_csv(view.points, view.labels),
            f"codes-{view.name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    here = f"torch.tensor([[{x:.3f}, {y:.3f}]])"
    back = f"picture = view.decode({here})" if view.decodes else "view.points  # UMAP knows no way back to pictures"
    return f"""import torch
from engine.latent import maps

view = maps.load_map("{view.name}")
{back}
view.familiarity.strangeness({here})  # 0.5 is as close as usual, 1 is unheard of"""


def chosen_map() -> maps.Map:
    names = {title: name for name, title in TITLES.items()}  # by their names in the address
    title = choose(
        "map", list(names), TITLES["autoencoder"], say("map.label"), lambda title: say(f"map.name.{names[title]}")
    )
    return maps.load_map(names[title])


def chosen_drawing(view: maps.Map) -> str:
    """One of `DRAWN`: dots, the pictures themselves, or what the decoder draws everywhere."""
    kinds = DRAWN if view.decodes else DRAWN[:2]
    of = "faces" if view.labels is None else "digits"
    return choose(
        "drawn",
        kinds,
        kinds[0],
        say("map.drawn-as"),
        lambda kind: say(f"map.{of}" if kind == "pictures" else f"map.{kind}"),
    )


def first_place(view: maps.Map) -> tuple[float, float]:
    """The place that a link brings, else the middle."""
    x, y = place_in_address("at", view.extent) or view.points.mean(0).tolist()
    return x, y


def on_map(view: maps.Map, drawn: str, start: tuple[float, float], key: str) -> None:
    """The map itself, with a cross-hair at `start` to begin with."""
    faces = view.labels is None
    scatter = Scatter(
        f"app/static/{view.file}.bin",
        view.extent,
        say("map.alt"),
        classes=None if faces else [str(digit) for digit in range(10)],
        sprite=FACES if faces else DIGITS,
        reach=view.familiarity.reach(view.extent),
        uncharted=say("map.no-face" if faces else "map.no-digit"),
        drawn="dots" if drawn == "points" else "pictures" if drawn == "pictures" else "nothing",
        background=f"app/static/{view.file}-grid.webp" if drawn == "decoder" else None,
        pickable=True,
        start=start,
        hint=say("map.tap"),
        lasso=True,
    )
    latent_map(scatter, key=key)


def under_the_hand(view: maps.Map, at: tuple[float, float]) -> None:
    """The decoded place, how far it is from anything real, and its neighbours."""
    place, of = torch.tensor([at]), "faces" if view.labels is None else "digits"
    if not view.decodes:
        st.info(say("map.no-way-back"), icon=":material/block:")
    url = images.data_url(view.decode(place), "png") if view.decodes else ""
    distances, found = codes.nearest(place, view.points, NEIGHBOURS)
    near = [Neighbour(number, a_neighbour(view, number)) for number in found[0].tolist()]
    words = Words(
        drawn=say("map.drawn" if view.decodes else "map.here"),
        from_two=say(f"map.from-two-{of}") if view.decodes else "",
        far=say(f"map.how-far-{of}"),
        among=say("map.among"),
        edge=say("map.edge"),
        nobody=say("map.nobody"),
        verdict=how_far(view, distances[:, 0]),
        neighbours=say(f"map.neighbours-{of}"),
        save=say("map.save"),
    )
    sprite = FACES if of == "faces" else DIGITS
    decoded_place(view, at, url, near, sprite, words, distance=distances[0, 0].item())


def a_neighbour(view: maps.Map, number: int) -> str:
    if view.labels is None:
        return say("map.number", number=number)
    digit = int(view.labels[number])
    return say("map.an-eight" if digit == 8 else "map.a-digit", digit=digit)


def figures_of(view: maps.Map) -> str:
    """What the two numbers of this map are good for, as measured; "" where they were not."""
    said = {key: say(f"map.{key}") for key in ("mse", "knn_accuracy", "probe_accuracy")}
    figures = maps.read_figures(view.name)
    line = " · ".join(f"{word} {figures[key]:.3f}" for key, word in said.items() if key in figures)
    return say("map.figures", line=line) if line else ""


def how_far(view: maps.Map, distance: Tensor) -> str:
    """In words. distance: to the nearest real code (1,)."""
    strange, count = view.familiarity.share_closer(distance).item(), len(view.points)
    if strange >= 1:
        return say("map.far")
    if strange > 0.95:
        return say("map.rare", rare=f"{round((1 - strange) * count):,}", count=f"{count:,}")
    return say("map.near")


def neighbours(view: maps.Map, found: Tensor) -> list[Picture]:
    if view.labels is None:
        with torch.inference_mode():
            decoded = weights.shared(view.model, Autoencoder).decode(maps.face_codes()[found])
        return [
            Picture("", images.data_url(face), say("map.number", number=number))
            for face, number in zip(decoded.split(1), found.tolist(), strict=True)
        ]
    tiles = mnist.test_half().images[found].float() / 255
    return [
        Picture("", images.data_url(tile, "png"), say("map.digit", digit=int(view.labels[number]), number=number))
        for tile, number in zip(tiles.split(1), found.tolist(), strict=True)
    ]


def chosen(view: maps.Map, corners: list[tuple[float, float]], off: list[int]) -> None:
    """What the lasso holds of the classes that are not off: how many, their mean, and their codes to take home."""
    inside = codes.inside(view.points, torch.tensor(corners))
    if view.labels is not None:
        inside &= ~torch.isin(view.labels, torch.tensor(off, dtype=view.labels.dtype))
    numbers = inside.nonzero().flatten()
    if len(numbers) == 0:
        st.info(say("map.empty-lasso"), icon=":material/gesture:")
        return
    st.markdown(f"**{say('map.in-lasso', count=f'{len(numbers):,}')}**")
    if view.labels is not None:
        counts = torch.bincount(view.labels[numbers], minlength=10)
        st.markdown(" · ".join(f"{count} × {digit}" for digit, count in enumerate(counts.tolist()) if count))
        mean = (mnist.test_half().images[numbers].float() / 255).mean(0, keepdim=True)
        row = [Picture(say("map.their-mean"), images.data_url(mean, "png")), *neighbours(view, numbers[:11])]
        picture_row(row, key="in the lasso", pixelated=True, min_width=70)
    else:
        picture_row(neighbours(view, numbers[:12]), key="in the lasso", min_width=70)
    labels = None if view.labels is None else view.labels[numbers]
    st.download_button(
        say("own.csv"),
        code_file.to_csv(view.points[numbers], labels, numbers),
        f"codes-{view.name}.csv",
        "text/csv",
        icon=":material/download:",
    )
