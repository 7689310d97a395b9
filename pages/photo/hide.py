"""Hide a part of the framed face, and back into the photo."""

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.photos import examples, preview
from engine.photos.alignment import Framing
from engine.photos.compositing import export
from engine.photos.framing import SIZE
from engine.restoration import drafts, patch, photo_restoration
from engine.restoration.photo_restoration import PhotoRestoration
from pages.components.box_pad.box_pad import Shape, box_pad
from pages.components.hole_choice.hole_choice import RANDOM, hole_choice
from pages.components.picture_row.picture_row import Picture
from pages.components.wipe.wipe import wipe
from pages.faces.drawn_hole import HOLES, random_box
from pages.faces.state import FacesState
from pages.parts.face_code import about_the_map, code_map, five_pictures, how_typical, in_figures, places_on_the_map
from pages.parts.lesson import code_of_this
from pages.parts.methods import FAST, called, title
from pages.parts.named_choice import bring, note
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.several_answers import mean_of
from pages.parts.state import state_of
from pages.photo.answers import Chosen, chosen_answer, six_answers, six_others
from pages.photo.small_copy import TASK, size_cards
from pages.photo.square import framed
from pages.photo.state import Photo, PhotoState
from pages.photo.typical import typical_in_short

METHOD = "method of photo"  # the widget, and in the address its choice by the name that is the same in all languages


def chosen_method() -> str:
    """The one on the faces page, until a link or the visitor names another; its name is the answer's title."""
    follows = state_of(FacesState).method
    first = follows if follows in FAST else FAST[0]
    bring(METHOD, FAST, first, title)
    method = st.selectbox(say("photo.method"), FAST, format_func=called, key=METHOD, label_visibility="collapsed")
    return note(METHOD, method, first, title)


@st.fragment
@problems_said()
def hide_and_put_back(photo: Photo) -> None:
    """Frame a face, hide a part of it, and back into the photo: one fragment, so that a stroke reruns nothing else."""
    if st.session_state["task"] == TASK:  # a size was tapped
        st.rerun()
    with st.container(key="trio"):
        framing, drawing, answer = st.columns(3, gap="medium")
    with framing:
        with st.container(key="head-of-photo"):
            faces = say("photo.faces", count=len(photo.framings)) if photo.has_face else say("photo.faces.none")
            st.markdown(say("photo.framed", faces=faces, width=photo.picture.width, height=photo.picture.height))
        squares, chosen, everybody = framed(photo)
        usual = st.container(key="usual")
    used = list(squares) if everybody else [squares[chosen]]
    shown = chosen if everybody else 0
    original = photo_restoration.crop_squares(photo.picture, [used[shown]])
    with drawing:
        shapes = drawn(original)
    hidden = masks.shape_mask(shapes)
    with answer:
        with st.container(key="head-of-answer", horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(key="title-of-answer"):
                method = chosen_method()
                which = st.container(key=f"by-{method}")
            if method == drafts.MODEL:
                six_others()
            save = st.popover(say("photo.save"), icon=":material/download:", key="photo save")
        place, six, home = st.container(key="back"), st.container(key="six-of-photo"), st.container(key="home")
    door = st.container(key="small-sizes")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="which-answer"):
        asked = chosen_answer() if method == drafts.MODEL else Chosen(0, 0.0, six=False)

    def restored(number: int) -> PhotoRestoration:
        return restore(photo, used, hidden, method, number, asked.boldness)

    large = restored(asked.number)
    with place:
        back_in_the_photo(photo, large)
    with which:
        st.caption(say("photo.back", which=asked.place) if method == drafts.MODEL else say("photo.back-in"))
    with home:
        how_sharp(large)
    with save:
        take_home(photo, large, method)
    with usual, problems_said():
        typical_in_short(original)
    hole, mean = large.holes[shown : shown + 1], st.container()
    own = large.faces.only(shown)
    in_figures(own, original, hole)
    five_pictures(own, original, key="photo five")
    lies, typical = st.columns([3, 4], gap="medium")
    with lies, problems_said():
        st.markdown(f"**{say('photo.where')}**")
        code_map(*places_on_the_map(original, own.given, key="photo codes"), key="photo codes")
        about_the_map()
    with typical, problems_said():
        st.markdown(f"**{say('photo.typical')}**")
        how_typical(original)
    code_of_this(code(photo, used, shapes, method, asked))
    if asked.six:  # whoever draws on does not wait for them
        with problems_said():
            side_by_side(
                six, mean, asked, lambda number: restored(number).faces.composite[shown : shown + 1], original, hole
            )
    with door, problems_said():
        size_cards(original, "")


def restore(
    photo: Photo, squares: list[Framing], hidden: Tensor, method: str, number: int, boldness: float
) -> PhotoRestoration:
    """What a method puts back, or the painter's answer of that number; kept for the question on the page."""
    state = state_of(PhotoState)

    def make(number: int) -> PhotoRestoration:
        if number == 0:
            return photo_restoration.restore_photo(photo.picture, squares, hidden, method, memory=state.memory)
        return photo_restoration.one_answer(photo.picture, squares, hidden, 1, number, boldness, state.memory)

    question = (id(photo.picture), tuple(squares), hidden.numpy().tobytes(), method, boldness)
    return state.restored.get(question, number, make)


def side_by_side(
    place: DeltaGenerator,
    below: DeltaGenerator,
    asked: Chosen,
    faces: Callable[[int], Tensor],
    original: Tensor,
    hole: Tensor,
) -> None:
    """Six answers to the same hole, bool (1, 1, 128, 128), of the face in front, at that place; below it their mean."""
    if not hole.any():
        return
    with place:
        found = six_answers(asked, faces, "photo answer", lambda face: patch.around(face, hole))
    with below, st.expander(say("photo.mean")):
        drawn_ones = [one for number, one in zip(asked.numbers, found, strict=True) if number]  # the first is not drawn
        mean_of(drawn_ones, original, hole, "photo mean")


def drawn(original: Tensor) -> list[Shape]:
    """What the visitor hides; it stays when the square moves, for the mouth is where it was."""
    state = state_of(PhotoState)
    with st.container(key="head-of-pad"):
        hidden = next((name for name, box in HOLES.items() if state.shapes == [{"box": list(box)}]), "")
        hole_choice(HOLES, hidden, key="photo feature", label=say("photo.hide"), on_choose=hide_feature)
    state.shapes = box_pad(
        images.data_url(original, "png"),
        state.shapes,
        version=str(state.drawings),
        key=f"photo pad {state.number}",
        label=say("photo.pad"),
    )
    return state.shapes


def hide_feature(name: str) -> None:
    """Replace the drawing by a box over the feature that was tapped, by one anywhere, or by nothing; a callback."""
    state = state_of(PhotoState)
    state.drawings += 1
    box = random_box(state.drawings) if name == RANDOM else HOLES.get(name)
    state.shapes = [{"box": list(box)}] if box else []


def back_in_the_photo(photo: Photo, restored: PhotoRestoration) -> None:
    """The surroundings before and after."""
    view = preview.cut_excerpt(photo.picture, restored.squares)
    after = restored.lay_on(view.picture, view.framings)
    wipe(
        Picture(say("photo.before"), preview.data_url(view.picture), alt=say("photo.before.alt")),
        Picture(say("photo.after"), preview.data_url(after), alt=say("photo.after.alt")),
        key="photo wipe",
    )


def how_sharp(restored: PhotoRestoration) -> None:
    """Where the photo is sharper than what was put back."""
    finest = max(square.side for square in restored.squares)
    if finest > SIZE:
        st.caption(say("photo.detail", size=SIZE, side=f"{finest:.0f}"))


def take_home(photo: Photo, restored: PhotoRestoration, method: str) -> None:
    """The whole photo as a file, made when it is asked for."""
    keep = bool(photo.picture.info.get("exif")) and st.checkbox(
        say("photo.keep"), key="photo keep", help=say("photo.keep.help")
    )

    painted = photo_restoration.describe_painted(restored.hidden, method, len(restored.squares))
    if painted and not st.checkbox(say("photo.note"), value=True, key="photo note", help=say("photo.note.help")):
        painted = ""

    def file(kind: Literal["jpeg", "png"], ending: str) -> None:
        def made() -> bytes:
            return export(restored.lay_on(photo.picture), kind, keep, painted)

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
    altered = "; ".join(photo.picture.info.get("altered", ())) or say("photo.as-it-was")
    told = [say("photo.altered", altered=altered)]
    if photo.left_out:
        told.append(say("photo.left-out", count=photo.left_out))
    st.caption(" ".join([*told, say("photo.kinds")]))


def code(photo: Photo, squares: list[Framing], shapes: list[Shape], method: str, asked: Chosen) -> str:
    """The lines that do the same to a file."""
    opened, room = 'Path("photo.jpg")', ""
    if photo.example:
        opened, room = f"examples.{examples.EXAMPLES[photo.example].__name__}()", ", examples"
    listed = ",\n    ".join(f"alignment.{square}" for square in squares)
    how = f'restore_photo(given, squares, hidden, "{method}")'
    if asked.number:
        how = f"one_answer(given, squares, hidden, 1, seed={asked.number}, boldness={asked.boldness})"
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
result = photo_restoration.{how}.lay_on(given)
Path("restored.jpg").write_bytes(compositing.export(result, "jpeg"))"""
