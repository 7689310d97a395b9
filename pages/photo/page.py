"""What does it make of your own photo?"""

from typing import Literal

import streamlit as st
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.photos import examples, preview
from engine.photos.alignment import Framing
from engine.photos.compositing import export
from engine.restoration import photo_restoration
from engine.restoration.photo_restoration import PhotoRestoration
from pages.components.box_pad.box_pad import Shape, box_pad
from pages.components.framer.framer import framer
from pages.components.picture_row.picture_row import Picture
from pages.components.wipe.wipe import wipe
from pages.parts.face_code import about_the_map, code_map, five_pictures, how_typical, in_figures
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.methods import FAST, title
from pages.parts.problems import problems_said
from pages.parts.state import state_of
from pages.photo.source import photo_source
from pages.photo.state import Photo, PhotoState


def main() -> None:
    st.title("Your own photo")
    st.markdown("Bring a photo, hide a part of a face, and see what the network puts back into it.")
    photo = photo_source()
    st.caption(
        ("Below is an example, until you bring a photo. " if photo.example else "")
        + "Your photo stays in the server's memory, for you alone: it is never saved, logged or learnt from, and is"
        " gone about a minute after you close this tab."
    )
    hide_and_put_back(photo)
    below()


@st.fragment
@problems_said()
def hide_and_put_back(photo: Photo) -> None:
    """Frame a face, hide a part of it, and back into the photo: one fragment, so that a stroke reruns nothing else."""
    framing, drawing, answer = st.columns(3, gap="medium")
    with framing:
        st.markdown("**1 · Frame a face**")
        squares, chosen, everybody = framed(photo)
    used = list(squares) if everybody else [squares[chosen]]
    shown = chosen if everybody else 0
    original = photo_restoration.crop_squares(photo.picture, [used[shown]])
    with drawing:
        st.markdown("**2 · Hide a part of it**")
        shapes = drawn(original)
    hidden = masks.shape_mask(shapes)
    with answer:
        st.markdown("**3 · Back in the photo**")
        place = st.container()
        method = st.selectbox("Method", FAST, format_func=title, key="method of photo", bind="query-params")
    restored = photo_restoration.restore_photo(photo.picture, used, hidden, method)
    with place:
        back_in_the_photo(photo, restored)
    own = restored.faces.only(shown)
    in_figures(own, original, restored.holes[shown : shown + 1])
    five_pictures(own, original, key="photo five")
    lies, typical = st.columns([3, 4], gap="medium")
    with lies, problems_said():
        st.markdown("**Where its code lies**")
        code_map(original, own.given, key="photo codes")
        about_the_map()
    with typical, problems_said():
        st.markdown("**How typical is it?**")
        how_typical(original)
    code_of_this(code(photo, used, shapes, method))


def framed(photo: Photo) -> tuple[list[Framing], int, bool]:
    """The squares as the visitor has set them, the number of the chosen one, and whether all are to be restored."""
    state = state_of(PhotoState)
    squares = state.squares = state.squares or list(photo.framings)
    place, chosen, everybody = st.container(), 0, False
    if len(squares) > 1:
        st.session_state.setdefault("photo face", 0)
        number = st.segmented_control(
            "Face",
            range(len(squares)),
            format_func=lambda number: str(number + 1),
            required=True,
            key="photo face",
            persist_state="session",
        )
        chosen = number or 0
        everybody = st.toggle("Hide the same in all of them", key="photo everybody", persist_state="session")
    with place:
        if not photo.has_face:
            st.info(
                "No face was found, so the middle of the photo is taken: move the square over a face by hand.",
                icon=":material/frame_person_off:",
            )
        squares[chosen] = framer(
            photo.preview,
            squares,
            size=photo.picture.size,
            found=photo.framings[chosen],
            version=str(chosen),
            key=f"photo framer {state.number}",
            chosen=chosen,
            on_choose=choose_face,
            label="Photo. Move the square over a face: arrow keys move it, Q and E turn it, plus and minus zoom.",
        )
    return squares, chosen, everybody


def choose_face(number: int) -> None:
    st.session_state["photo face"] = number


def drawn(original: Tensor) -> list[Shape]:
    """What the visitor hides; it stays when the square moves, for the mouth is where it was."""
    state = state_of(PhotoState)
    state.shapes = box_pad(
        images.data_url(original, "png"),
        state.shapes,
        version=str(state.drawings),
        key=f"photo pad {state.number}",
        label="The framed face. Drag to hide a part of it.",
    )
    st.pills(
        "Hide the",
        masks.FEATURES,
        format_func=str.capitalize,
        wrap=True,
        key="photo feature",
        on_change=hide_feature,
        label_visibility="collapsed",
    )
    return state.shapes


def hide_feature() -> None:
    """Replace the drawing by a box over the feature that was tapped; its pill springs back, for it is a button."""
    name, st.session_state["photo feature"] = st.session_state["photo feature"], None
    if name:
        state = state_of(PhotoState)
        state.shapes = [{"box": list(masks.FEATURES[name])}]
        state.drawings += 1


def back_in_the_photo(photo: Photo, restored: PhotoRestoration) -> None:
    """The surroundings before and after, and the whole photo to take away, made when it is asked for."""
    view = preview.cut_excerpt(photo.picture, restored.squares)
    after = restored.lay_on(view.picture, view.framings)
    wipe(
        Picture("Before", preview.data_url(view.picture), alt="The photo as it was"),
        Picture("After", preview.data_url(after), alt="The photo with the restored face"),
        key="photo wipe",
    )
    keep = bool(photo.picture.info.get("exif")) and st.checkbox(
        "Keep camera and date in the file", key="photo keep", help="The place is never kept."
    )

    def file(kind: Literal["jpeg", "png"], ending: str) -> None:
        def made() -> bytes:
            return export(restored.lay_on(photo.picture), kind, keep)

        st.download_button(
            kind.upper(),
            made,
            f"restored.{ending}",
            f"image/{kind}",
            icon=":material/download:",
            on_click="ignore",  # no rerun
            key=f"photo {kind}",
        )

    with st.container(horizontal=True, gap="small"):
        file("jpeg", "jpg")
        file("png", "png")
    width, height = photo.picture.size
    altered = "; ".join(photo.picture.info.get("altered", ())) or "as it was"
    more = f" {photo.left_out} more faces are left as they are." if photo.left_out else ""
    st.caption(
        f"{width} × {height} pixels, {altered}.{more} PNG keeps every other pixel exactly, and what was transparent;"
        " JPEG is smaller."
    )


def code(photo: Photo, squares: list[Framing], shapes: list[Shape], method: str) -> str:
    """The lines that do the same to a file."""
    opened, room = 'Path("photo.jpg")', ""
    if photo.example:
        opened, room = f"examples.{examples.EXAMPLES[photo.example].__name__}()", ", examples"
    listed = ",\n    ".join(f"alignment.{square}" for square in squares)
    return f"""from pathlib import Path

from engine import images
from engine.corruptions import masks
from engine.photos import alignment, compositing{room}
from engine.restoration import photo_restoration

given = images.open_image({opened})  # or your own: Path("photo.jpg")
squares = [  # where you have set them; photo_restoration.find_squares(given).framings finds them
    {listed},
]
hidden = masks.shape_mask({shapes})  # True = hidden from the network
result = photo_restoration.restore_photo(given, squares, hidden, "{method}").lay_on(given)
Path("restored.jpg").write_bytes(compositing.export(result, "jpeg"))"""


def below() -> None:
    """What the fold hides."""
    with st.expander("Why does the square matter?", icon=":material/crop_rotate:"):
        st.markdown(
            """
The network has only ever seen faces in one framing, that of the FFHQ photographs: eyes, nose and mouth always at the
same place, the head upright. A detector (YuNet) finds the eyes and the corners of the mouth, and the square is laid
so that they come to lie where the network expects them. Turn it by 30°, and the network no longer knows what it sees.

On the way back only what you have hidden is replaced. It comes from 128×128 pixels, so in a large photo it is soft:
the network has never seen anything sharper.
"""
        )
    what_to_try(
        "Hide your mouth while you smile. Does the network smile too? Then turn the square by 30° and look again.",
        "Wear glasses or a hat, or hold a hand before your face, and hide that. What does the network put there?",
        "Look at the cat, the cartoon and the mask above, or bring your own: how many of the test faces are less"
        " strange?",
    )


main()
