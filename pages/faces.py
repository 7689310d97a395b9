"""What can it put back under a black box?"""

import streamlit as st
import torch

from engine import corruptions, faces, images, restoration
from pages.parts.boxpad import Shape, box_pad
from pages.parts.face_code import MODEL, about_the_map, code_map, five_pictures, in_figures
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.pictures import Picture, picture_row
from pages.parts.problems import problems_said

FIRST: list[Shape] = [{"box": [50, 76, 28, 28]}]  # over the mouth: something to see before the first touch


def main() -> None:
    st.title("Hide a part of a face")
    st.markdown(
        "Drag over the picture. The network never sees what is under the black; it puts back what it remembers."
    )
    gallery = faces.gallery()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        name = st.segmented_control(
            "Face",
            list(gallery),
            format_func=lambda key: gallery[key].title if key in gallery else key,
            default=next(iter(gallery)),
            required=True,
            key="face",
            bind="query-params",
        )
    with right:
        st.button(
            "Random 28×28 box",
            icon=":material/casino:",
            on_click=random_box,
            args=[name],
            help="The article's corruption: one black box of 28×28 pixels at a random place.",
        )
    hide_and_restore(name)
    st.caption(f"Photograph: {gallery[name].credit}.")
    below()


def drawings() -> dict[str, list[Shape]]:
    """What is drawn on each face; kept while the visitor looks at other pages."""
    return st.session_state.setdefault("drawings", {})


def random_box(name: str) -> None:
    """Replace the drawing by the article's box; the seed counts up, so that a box can be named."""
    seed = st.session_state.get("box seed", 0) + 1
    hidden = corruptions.random_boxes(1, generator=torch.Generator().manual_seed(seed))
    drawings()[name] = [{"box": list(corruptions.box_around(hidden))}]
    st.session_state["box seed"] = seed
    st.session_state["box version"] = f"seed {seed}"


@st.fragment
@problems_said()
def hide_and_restore(name: str) -> None:
    """The pad, and beside it what the network makes of it: one fragment, so that a stroke reruns nothing else."""
    original = faces.gallery()[name].image
    pad, answer, lies = st.columns(3, gap="medium")
    with pad:
        st.markdown("**Draw here**")
        version = f"{name} {st.session_state.get('box version', '')}"
        shapes = box_pad(
            picture_of(name),
            drawings().get(name, FIRST),
            version=version,
            key=f"pad {name}",
            label="Face. Drag to hide a part of it.",
        )
        drawings()[name] = shapes
        if seed := st.session_state.get("box seed"):
            st.caption(f"Random box: seed {seed}")
    hidden = corruptions.shape_mask(shapes)
    restored = restoration.restore(original, hidden, MODEL)
    with answer:
        st.markdown("**What it puts back**")
        picture_row(
            [Picture("", images.data_url(restored.composite), alt="Restored face")],
            key="restored",
            min_width=240,
        )
    numbers = st.container()
    five_pictures(restored, original, key="five")  # before the slower map and figures: the eye waits for pictures
    with lies:
        st.markdown("**Where its code lies**")
        code_map(original, restored.given, key="face codes")
    with numbers:
        in_figures(restored, original, hidden)
    about_the_map()
    code_of_this(
        f"""from engine import corruptions, faces, restoration

face = faces.gallery()["{name}"].image  # (1, 3, 128, 128) in [0, 1]
hidden = corruptions.shape_mask({shapes})  # True = hidden from the network
restored = restoration.restore(face, hidden, "{MODEL}")
restored.composite  # the picture at the top right"""
    )


def below() -> None:
    """What the fold hides."""
    with st.expander("What do the figures say?", icon=":material/straighten:"):
        st.markdown(
            """
* **MSE**: mean squared error of pixels in [0, 1]. 0 is perfect.
* **PSNR** = -10 log10(MSE), in dB. 3 dB more is half the error.
* **SSIM**: how alike the structure is around each pixel, 1 is equal. It notices blur, which MSE forgives.
* **Why blurred?** Many mouths fit under the black. Guessing the *average* of them all gives the smallest mean squared
  error, and an average of mouths is a blurred mouth. And 300 numbers cannot hold 49,152.
* **Composite**: outside the hole nothing needs to be guessed, so the given picture stays.
"""
        )
    what_to_try(
        "Hide one eye, then both. Which one does it put back better, and why?",
        "Hide the mouth of a smiling face. Does it smile again? Move the box and watch the arrow on the map.",
        "Hide everything (one box over the whole picture). Whose face is that?",
    )


@st.cache_data(show_spinner=False)
def picture_of(name: str) -> str:
    """A gallery face for the browser, without loss."""
    return images.data_url(faces.gallery()[name].image, "png")


main()
