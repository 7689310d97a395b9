"""From 16 pixels: the framed face made tiny, enlarged again, and what the painter makes of it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from engine import images
from engine.photos.alignment import Framing
from engine.restoration import drafts, enhancement, photo_restoration
from pages.components.copy_choice.copy_choice import Copy, copy_choice
from pages.components.picture_row.picture_row import Picture
from pages.components.small_copy.small_copy import Told, small_copy
from pages.parts.lesson import code_of_this
from pages.parts.named_choice import bring, note
from pages.parts.newer_stroke import give_way
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import once_a_picture, state_of
from pages.photo.answers import chosen_answer, six_answers, six_others
from pages.photo.square import beyond, choose_face, face_in_use, names_of_faces, squares_of
from pages.photo.state import Photo, PhotoState

TASK = "From 16 pixels"
SIZES = {f"{size} px": size for size in enhancement.SIZES}
FEW = "Few numbers"
ALL = [*SIZES, FEW]
FIRST, COUNT = "16 px", 40
ADDRESS = {"copy": ALL, "components": (1, 300)}
LEVELS = 255


@st.fragment
@problems_said()
def from_few_pixels(photo: Photo) -> None:
    """One fragment, so that another size or answer reruns nothing else."""
    squares = squares_of(photo)
    bring("copy", ALL, FIRST)
    kept = note("copy", st.session_state["copy"], FIRST)
    square = squares[face_in_use(photo, squares)]
    if not photo.has_face:
        st.info(say("photo.no-face-to-enlarge"), icon=":material/frame_person_off:")
    if beyond(square, photo.picture.size):
        st.caption(say("photo.beyond"))
    face = photo_restoration.crop_squares(photo.picture, [square])
    with st.container(key="small-page"):
        desk, sizes = st.container(key="small-desk"), st.container(key="small-sizes")
    if kept == FEW:
        with desk:
            by_numbers(face, squares)
    else:
        by_pixels(face, SIZES[kept], squares, desk)
    with sizes:
        size_cards(face, kept)


def by_pixels(face: Tensor, size: int, squares: list[Framing], desk: DeltaGenerator) -> None:
    """A small copy of a face (1, 3, 128, 128), and faces that all reduce to it."""
    copy = enhancement.reduce(face, size)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="small-more"):
        six_others()
        asked = chosen_answer(always_six=True)

    def answer(number: int) -> Tensor:
        return state_of(PhotoState).enhanced.get(
            (copy.numpy().tobytes(), asked.boldness), number, lambda seed: paint(face, size, seed, asked.boldness)
        )

    large = answer(asked.number)
    with desk:
        show_pixels(face, copy, large, asked.place, squares)
        six = st.container(key="small-six")
    made = "enhancement.enhance(copy)"
    if asked.number:
        made = f"next(enhancement.others(copy, 1, {asked.boldness}, seed={asked.number}))"
    show_code(f"copy = enhancement.reduce(face, {size})\nanswer = {made}\nenhancement.disagreement(answer, copy) * 255")
    with six:
        found = six_answers(asked, answer, "small answer")
        worst = max(off(one, copy) for one in found)
        st.caption(say("small.all-six", worst=f"{worst:.1f}", levels=LEVELS))


def show_pixels(face: Tensor, copy: Tensor, large: Tensor, place: str, squares: list[Framing]) -> None:
    """Copy, enlargement and answer; place: which of the six the answer is."""
    size = copy.shape[-1]
    new, of = enhancement.invented(size)
    whole, painted, squared = images.data_url(face), images.data_url(large), tiny(copy)
    show(
        Picture(say("small.given"), squared, say("small.pixels", size=size, count=f"{size * size:,}")),
        Picture(say("small.enlarged"), images.data_url(enhancement.enlarge(copy)), say("small.bicubic")),
        Picture(say("small.painter"), painted, place[:1].upper() + place[1:]),
        told=Told(
            say("small.invented", new=new, of=of),
            say("small.invented.why", off=f"{off(large, copy):.1f}", levels=LEVELS),
            [
                Picture(say("small.photo"), whole),
                Picture(say("small.copy"), squared),
                Picture(say("small.an-answer"), painted),
            ],
        ),
        photo=whole,
        tiny=images.data_url(copy, "png"),
        squares=squares,
    )


def paint(face: Tensor, size: int, number: int, boldness: float) -> Tensor:
    """The answer of that number to a small copy of a face, 0 the first."""
    if number == 0:
        return first_answer(face, size)
    return next(enhancement.others(enhancement.reduce(face, size), 1, boldness, number))


def first_answer(face: Tensor, size: int) -> Tensor:
    """What the painter makes of a small copy of a face when it is asked once; kept for the face on the page."""
    return state_of(PhotoState).firsts.get(
        face.numpy().tobytes(), size, lambda size: enhancement.enhance(enhancement.reduce(face, size))
    )


def off(face: Tensor, copy: Tensor) -> float:
    """By how many of 255 levels the face, made small again, misses the copy."""
    return LEVELS * enhancement.disagreement(face, copy).item()


def tiny(copy: Tensor) -> str:
    """The pixels of a small copy, each as a square."""
    return images.data_url(enhancement.blocks(copy, 512), "png")


def by_numbers(face: Tensor, squares: list[Framing]) -> None:
    """The first principal components of a face (1, 3, 128, 128), and what the painter makes of their mix."""
    pictures, below = st.container(), st.container(key="small-six")
    with below:
        count = st.slider(
            say("small.components"),
            1,
            300,
            COUNT,
            key="components",
            bind="query-params",
            persist_state="session",
        )
    draft = drafts.few_components(face, count)
    whole = images.data_url(face)
    with pictures:
        show(
            Picture(say("small.photo-large"), whole, say("small.never-shown")),
            Picture(say("small.given"), images.data_url(draft), say("small.mix", count=count)),
            Picture(say("small.painter"), images.data_url(drafts.paint(draft)), say("small.over-the-mix")),
            told=Told(
                say("small.numbers-stand", count=count, all=f"{face.numel():,}"), say("small.numbers", count=count)
            ),
            photo=whole,
            squares=squares,
        )
    show_code(f"draft = drafts.few_components(face, {count})\nanswer = drafts.paint(draft)")


def show(*pictures: Picture, told: Told, photo: str, squares: list[Framing], tiny: str = "") -> None:
    names = names_of_faces(squares)
    chosen = st.session_state["photo face"] if names else 0
    small_copy(
        pictures, told, key="small three", photo=photo, tiny=tiny, faces=names, chosen=chosen, on_face=choose_face
    )


def size_cards(face: Tensor, chosen: str) -> None:
    """A card a size with the copy and the painter's first answer; chosen: which is on the page. A newer stroke need not
    wait for more than one of them."""
    shown = []
    for (name, size), pictures in zip(SIZES.items(), once_a_picture("small cards", face, card_pictures), strict=True):
        of = enhancement.invented(size)[1]
        rate = say("small.one-in", of=of) if shown else say("small.one-pixel-in", of=of)
        shown.append(Copy(name, f"{size} × {size}", rate, pictures))
    copy_choice([*shown, Copy(FEW, say("small.few"))], chosen, key="small sizes", on_choose=choose_copy)


def card_pictures(face: Tensor) -> list[tuple[str, str]]:
    """The addresses of the copy and of the first answer, a size each; the same at every stroke."""
    found = []
    for size in SIZES.values():
        give_way()
        copy, answer = enhancement.reduce(face, size), first_answer(face, size)
        found.append((images.data_url(copy, "png"), images.data_url(answer)))
    return found


def choose_copy(name: str) -> None:
    """Another size, from either tab; a callback."""
    st.session_state["copy"], st.session_state["task"] = name, TASK


def show_code(lines: str) -> None:
    code_of_this(f"""from engine.photos import gallery
from engine.restoration import drafts, enhancement

face = gallery.gallery()["astronaut"].image  # (1, 3, 128, 128) in [0, 1]; or a square of your photo
{lines}""")
