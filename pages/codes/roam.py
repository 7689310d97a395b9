"""The map of the codes: click or drag anywhere, and the decoder draws what lies there."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import code_file, codes, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.decoded_place.decoded_place import decoded_place
from pages.components.latent_map.latent_map import DIGITS, FACES, Scatter, latent_map
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.address import place_in_address, write
from pages.parts.named_choice import bring, note
from pages.parts.say import say

TITLES = {
    "autoencoder": "Autoencoder",
    "vae": "Variational autoencoder",
    "pca": "Principal components",
    "umap": "UMAP",
    "faces": "Faces",
}
NEIGHBOURS = 5


def show() -> str:
    """The map and what lies under the hand."""
    names = {title: name for name, title in TITLES.items()}  # by their names in the address
    bring("map", list(names), TITLES["autoencoder"])
    asked = st.segmented_control(
        say("map.label"),
        list(names),
        format_func=lambda title: say(f"map.name.{names[title]}"),
        required=True,
        key="map",
        label_visibility="collapsed",
    )
    name = names[note("map", asked, TITLES["autoencoder"])]
    view = maps.load_map(name)
    left, right = st.columns([3, 2], gap="large")
    with left:
        place = st.container()  # the map stands above what is chosen for it: its top is to be on the first screen
        classes = shown_classes(view)
        with st.container(horizontal=True, vertical_alignment="center"):
            behind = view.decodes and st.toggle(say("map.behind"), key="behind", persist_state="session")
            st.download_button(
                say("map.csv"),
                lambda: code_file.to_csv(view.points, view.labels),
                f"codes-{name}.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        first_x, first_y = first_place(view)
        with place:
            answer = on_map(view, bool(behind), classes, (first_x, first_y)) or {}
    x, y = picked(answer["pick"]) if answer.get("pick") is not None else (first_x, first_y)
    with right:
        under_the_hand(view, torch.tensor([[x, y]]))
    if "lasso" in answer:
        chosen(view, answer["lasso"], classes)
    here = f"torch.tensor([[{x:.3f}, {y:.3f}]])"
    back = f"picture = view.decode({here})" if view.decodes else "view.points  # UMAP knows no way back to pictures"
    return f"""import torch
from engine.latent import maps

view = maps.load_map("{name}")
{back}
view.familiarity.strangeness({here})  # 0.5 is as close as usual, 1 is unheard of"""


def first_place(view: maps.Map) -> list[float]:
    """The place that a link brings, else the middle."""
    return place_in_address("at", view.extent) or view.points.mean(0).tolist()


def picked(pick: list[float]) -> list[float]:
    """The place under the hand, which is then in the address."""
    x, y = (round(number, 3) for number in pick)
    write(at=f"{x},{y}")
    return [x, y]


def shown_classes(view: maps.Map) -> list[int]:
    """The classes that are to be seen; all of them on a map without any."""
    classes = list(range(10))
    if view.labels is None:
        return classes
    return st.pills(
        say("map.classes"),
        classes,
        selection_mode="multi",
        default=classes,
        key="shown classes",
        persist_state="session",
        label_visibility="collapsed",
    )


def on_map(view: maps.Map, behind: bool, classes: list[int], start: tuple[float, float]) -> dict | None:
    """The map itself, with a cross-hair at `start` to begin with; what was picked on it."""
    faces = view.labels is None
    if not classes:
        st.info(say("map.no-class"), icon=":material/filter_alt_off:")
    scatter = Scatter(
        f"app/static/{view.file}.bin",
        view.extent,
        say("map.alt"),
        classes=None if faces else [str(digit) for digit in range(10)],
        show=None if faces else classes,
        sprite=FACES if faces else DIGITS,
        reach=view.familiarity.reach(view.extent),
        uncharted=say("map.no-face" if faces else "map.no-digit"),
        background=f"app/static/{view.file}-grid.webp" if behind else None,
        pickable=True,
        start=start,
        hint=say("map.tap.decoder" if view.decodes else "map.tap.neighbours"),
        lasso=True,
        height=520,
    )
    return latent_map(scatter, key=f"map {view.name}")


def under_the_hand(view: maps.Map, place: Tensor) -> None:
    """The decoded place, how far it is from anything real, and its neighbours."""
    digit = view.labels is not None
    strange, away = view.familiarity.strangeness(place).item(), view.familiarity.distance(place).item()
    if view.decodes:
        st.markdown(f"**{say('map.drawn')}**")
        x, y = place[0].tolist()
        url = images.data_url(view.decode(place), "png")
        decoded_place(view, (x, y), url, pixelated=digit, height=300)
    else:
        st.info(say("map.no-way-back"), icon=":material/block:")
    st.markdown(f"{say('map.distance', distance=f'{away:.2f}')} {how_far(strange)}")
    st.markdown(say("map.neighbours-digits" if digit else "map.neighbours-faces"))
    found = codes.nearest(place, view.points, NEIGHBOURS)[1][0]
    picture_row(neighbours(view, found), key="neighbours", pixelated=digit, min_width=70)
    said = {key: say(f"map.{key}") for key in ("mse", "knn_accuracy", "probe_accuracy")}
    figures = maps.read_figures(view.name)
    if line := " · ".join(f"{word} {figures[key]:.3f}" for key, word in said.items() if key in figures):
        st.caption(say("map.figures", line=line))


def how_far(strange: float) -> str:
    """In words, from `Familiarity.strangeness`."""
    if strange >= 1:
        return say("map.far")
    if strange > 0.95:
        return say("map.rare", share=f"{1 - strange:.0%}")
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


def chosen(view: maps.Map, corners: list[tuple[float, float]], classes: list[int]) -> None:
    """What the lasso holds: how many, of which classes, their mean, and their codes to take home."""
    inside = codes.inside(view.points, torch.tensor(corners))
    if view.labels is not None:
        inside &= torch.isin(view.labels, torch.tensor(classes, dtype=view.labels.dtype))
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
