"""From 16 pixels: the framed face made tiny, enlarged again, and what the painter makes of it."""

import streamlit as st
from torch import Tensor

from engine import images
from engine.restoration import drafts, enhancement, photo_restoration
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.lesson import code_of_this
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import state_of
from pages.photo.answers import another_answer, chosen_answer, six_answers
from pages.photo.square import beyond, chosen_face, squares_of
from pages.photo.state import Photo, PhotoState

SIZES = {f"{size} px": size for size in enhancement.SIZES}
FEW = "Few numbers"
FIRST, COUNT = "16 px", 40
ADDRESS = {"copy": [*SIZES, FEW], "components": (1, 300)}
LEVELS = 255


@st.fragment
@problems_said()
def from_few_pixels(photo: Photo) -> None:
    """One fragment, so that another size or answer reruns nothing else."""
    squares = squares_of(photo)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kept = st.segmented_control(
            say("small.given-what"),
            [*SIZES, FEW],
            default=FIRST,
            required=True,
            key="copy",
            bind="query-params",
            persist_state="session",
        )
        square = squares[chosen_face(photo, squares)]
    if not photo.has_face:
        st.info(say("photo.no-face-to-enlarge"), icon=":material/frame_person_off:")
    if beyond(square, photo.picture.size):
        st.caption(say("photo.beyond"))
    face = photo_restoration.crop_squares(photo.picture, [square])
    lines = by_numbers(face) if kept == FEW else by_pixels(face, SIZES[kept])
    code_of_this(f"""from engine.photos import gallery
from engine.restoration import drafts, enhancement

face = gallery.gallery()["astronaut"].image  # (1, 3, 128, 128) in [0, 1]; or a square of your photo
{lines}""")


def by_pixels(face: Tensor, size: int) -> str:
    """A small copy of a face (1, 3, 128, 128), and faces that all reduce to it."""
    copy = enhancement.reduce(face, size)
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        another_answer()
        asked = chosen_answer(always_six=True)

    def answer(number: int) -> Tensor:
        return state_of(PhotoState).enhanced.get(
            (copy.numpy().tobytes(), asked.boldness), number, lambda seed: paint(copy, seed, asked.boldness)
        )

    large = answer(asked.number)
    new, of = enhancement.invented(size)
    with place:
        three(
            Picture(say("small.given"), tiny(copy), say("small.pixels", size=size, count=f"{size * size:,}")),
            Picture(say("small.enlarged"), images.data_url(enhancement.enlarge(copy)), say("small.bicubic")),
            Picture(say("small.painter"), images.data_url(large), say("small.answer", number=asked.number)),
        )
        words, same = st.columns([3, 2], gap="medium", vertical_alignment="center")
    words.markdown(say("small.invented", new=new, of=of, off=f"{off(large, copy):.1f}", levels=LEVELS))
    with same:
        picture_row(
            [
                Picture(say("small.photo"), images.data_url(face), say("small.made-small")),
                Picture(say("small.copy"), tiny(copy), say("small.both")),
                Picture(say("small.the-answer"), images.data_url(large), say("small.made-small")),
            ],
            key="small same",
            min_width=70,
        )
    st.markdown(f"**{say('small.six')}**")
    found = six_answers(asked, answer, "small answer")
    worst = max(off(one, copy) for one in found)
    st.caption(say("small.all-six", worst=f"{worst:.1f}", levels=LEVELS))
    made = "enhancement.enhance(copy)"
    if asked.number:
        made = f"next(enhancement.others(copy, 1, {asked.boldness}, seed={asked.number}))"
    return f"copy = enhancement.reduce(face, {size})\nanswer = {made}\nenhancement.disagreement(answer, copy) * 255"


def paint(copy: Tensor, number: int, boldness: float) -> Tensor:
    """The answer of that number, 0 the first."""
    return next(enhancement.others(copy, 1, boldness, number)) if number else enhancement.enhance(copy)


def off(face: Tensor, copy: Tensor) -> float:
    """By how many of 255 levels the face, made small again, misses the copy."""
    return LEVELS * enhancement.disagreement(face, copy).item()


def tiny(copy: Tensor) -> str:
    """The pixels of a small copy, each as a square."""
    return images.data_url(enhancement.blocks(copy, 512), "png")


def by_numbers(face: Tensor) -> str:
    """The first principal components of a face (1, 3, 128, 128), and what the painter makes of their mix."""
    count = st.slider(
        say("small.components"),
        1,
        300,
        COUNT,
        key="components",
        bind="query-params",
        persist_state="session",
        width=400,
    )
    draft = drafts.few_components(face, count)
    three(
        Picture(say("small.photo"), images.data_url(face), say("small.never-shown")),
        Picture(say("small.given"), images.data_url(draft), say("small.mix", count=count)),
        Picture(say("small.painter"), images.data_url(drafts.paint(draft)), say("small.over-the-mix")),
    )
    st.markdown(say("small.numbers-stand", count=count, all=f"{face.numel():,}"))
    return f"draft = drafts.few_components(face, {count})\nanswer = drafts.paint(draft)"


def three(*pictures: Picture) -> None:
    picture_row(pictures, key="small three", min_width=170, tap=True)
