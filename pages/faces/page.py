"""What can it put back under a black box?"""

import streamlit as st
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.photos import gallery
from engine.photos.gallery import GalleryFace
from engine.restoration import methods, session_file
from engine.restoration.latent_search import STEPS
from engine.restoration.methods import Answers, Restoration, compare
from engine.restoration.session_file import Session
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.faces.chosen_face import choose_face, known_faces, picture_of, take_face
from pages.faces.close_up import where_it_guesses, wipe_between_two
from pages.faces.guess import guess_first
from pages.faces.keepsake import keepsake
from pages.faces.latent_search import LEAST, MOST, found, latent_search
from pages.parts.address import check_address
from pages.parts.drawing import draw, drawing_pad, seed_of
from pages.parts.face_code import about_the_map, code_map, five_pictures, in_figures
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.methods import FAST, choose_methods, show_methods, title
from pages.parts.problems import problems_said

FLATTERED = (
    " Gappy PCA and the U-Nets' drafts use the components that this face was mixed from, so their figures on it"
    " flatter them."
)


def main() -> None:
    st.title("Hide a part of a face")
    st.markdown("Drag over the picture. No method ever sees what is under the black; each puts back what it remembers.")
    with problems_said():  # without a gallery there is no pad, and the rest stands
        check_address(face=[face.title for face in known_faces().values()], method=[title(name) for name in FAST])
        hide_and_restore()
    below()


@st.fragment
@problems_said()
def hide_and_restore() -> None:
    """The pad, and beside it what the methods make of it: one fragment, so that a stroke reruns nothing else."""
    face = choose_face()
    pad, answer, lies = st.columns(3, gap="medium")
    with pad:
        st.markdown("**Draw here**")
        shapes = drawing_pad(face.name, picture_of(face))
    hidden = masks.shape_mask(shapes)
    with answer:
        st.markdown("**What it puts back**")
        method, seamless, restored = answered(face.image, hidden)
    # The eye waits for pictures: the slower map and figures come after the row.
    numbers, row = st.container(), st.container()
    with row:
        answers = row_of_methods(face.image, hidden, seamless, {method: restored} if restored else {})
    if restored is None:  # its method has said why
        return
    with numbers:
        in_figures(restored, face.image, hidden)
    with lies, problems_said():
        st.markdown("**Where its code lies**")
        code_map(face.image, restored.given, key="face codes")
        about_the_map()
    now = session_file.of_face(
        face,
        shapes,
        method=method,
        methods=tuple(answers),
        seamless=seamless,
        steps=st.session_state.get("steps", STEPS),
        seed=seed_of(shapes),
    )
    closer(face, now, {method: restored, **answers}, hidden)
    st.caption(f"Picture: {face.credit}.{'' if face.photograph else FLATTERED}")
    code_of_this(code(face, now))


def answered(original: Tensor, hidden: Tensor) -> tuple[str, bool, Restoration | None]:
    """The large answer, by the method that is chosen under it; None where that cannot answer and has said why."""
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        method = st.selectbox("Method", FAST, format_func=title, key="method", bind="query-params")
        seamless = st.toggle(
            "Seamless edge",
            value=True,
            key="seamless",
            bind="query-params",
            help="Shifts the colours inside the hole so that they meet the picture at its edge. Off: the hard edge.",
        )
    with place, problems_said():
        restored = methods.restore(original, hidden, method, seamless)
        picture_row(
            [Picture("", images.data_url(restored.composite), alt="Restored face")],
            key="restored",
            min_width=240,
        )
        return method, seamless, restored
    return method, seamless, None


def row_of_methods(original: Tensor, hidden: Tensor, seamless: bool, known: Answers) -> Answers:
    """Every method on the same mask."""
    st.header("Every method on your mask")
    chosen = choose_methods()
    answers = compare(original, hidden, chosen, seamless, known) | found(original, hidden, seamless)
    show_methods(answers, original, hidden)
    st.caption(
        "PSNR in the hole, and its sharpness: the strength of detail over the original's. A blurred guess is rewarded"
        " by PSNR and shows in its sharpness. Tap a picture to enlarge it."
    )
    return answers


def closer(face: GalleryFace, now: Session, answers: Answers, hidden: Tensor) -> None:
    """A closer look, in tabs; only the open one is computed."""
    results = {name: answer for name, answer in answers.items() if isinstance(answer, Restoration)}
    restored = results[now.method]
    looks = {
        "Step by step": lambda: five_pictures(restored, face.image, key="five"),
        "Wipe": lambda: wipe_between_two(results, now.method, face.image),
        "Where is it guessing?": lambda: where_it_guesses(restored, face.image, hidden, now.method),
        "Latent search": lambda: latent_search(face.image, hidden, now.seamless),
        "Guess first": lambda: guess_first(face.name),
        "Keep it": lambda: keepsake(
            face,
            now,
            hidden,
            {title(name): answer for name, answer in results.items()},
            bring_back,
            lambda shapes: draw(face.name, shapes),
        ),
    }
    tabs = st.tabs(list(looks), key="look", on_change="rerun", bind="query-params")
    for tab, look in zip(tabs, looks.values(), strict=True):
        if tab.open:
            with tab, problems_said():
                look()


def bring_back(loaded: Session) -> None:
    """A session out of a file, put in the place of what is on the page; a callback."""
    face = session_file.face_of(loaded)
    take_face(face)
    draw(face.name, loaded.shapes, loaded.seed)
    if loaded.method in FAST:
        st.session_state["method"] = loaded.method
    st.session_state["row"] = [method for method in loaded.methods if method in FAST]
    st.session_state["seamless"] = loaded.seamless
    st.session_state["steps"] = min(max(loaded.steps, LEAST), MOST)


def code(face: GalleryFace, now: Session) -> str:
    """The lines that make this very picture."""
    opened = f'gallery.gallery()["{face.name}"].image  # (1, 3, 128, 128) in [0, 1]'
    if face.name not in gallery.gallery():
        opened = 'session_file.load(Path("own-session.json").read_bytes()).own  # saved under "Keep it"'
    return f"""from pathlib import Path
from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import methods, session_file

face = {opened}
hidden = masks.shape_mask({now.shapes})  # True = hidden from the method
restored = methods.restore(face, hidden, "{now.method}", seamless={now.seamless})
restored.composite  # the large answer; every method: methods.METHODS"""


def below() -> None:
    """What the fold hides."""
    with st.expander("What do the figures say?", icon=":material/straighten:"):
        st.markdown(
            """
* **MSE**: mean squared error of pixels in [0, 1]. 0 is perfect.
* **PSNR** = -10 log10(MSE), in dB. 3 dB more is half the error.
* **SSIM**: how alike the structure is around each pixel, 1 is equal. It notices blur, which MSE forgives.
* **Sharpness**: the energy of the differences between neighbouring pixels, over that of the original. 1 is as sharp as
  it, 0 is flat; more than 1 is noise.
* **Why blurred?** Many mouths fit under the black. Guessing the *average* of them all gives the smallest mean squared
  error, and an average of mouths is a blurred mouth. A network that is trained to deceive a second one instead must
  decide for *one* mouth: it is sharp, and more often wrong.
* **Does it know faces by heart?** A network that did would answer as *Nearest known face* does: with the closest of its
  training faces, here of 1,500, as the decoder paints it. On average that reaches 13.5 dB in the benchmark's 28×28
  holes (17 with a seamless edge) and the networks about 20 dB, on faces that they were never trained on: they do more
  than answer with a face learnt by heart.
* **Composite**: outside the hole nothing needs to be guessed, so the given picture stays. With **Seamless edge** the
  guess is shifted in colour to meet it (Poisson image editing): nothing outside the hole changes.
"""
        )
    what_to_try(
        "Hide the mouth. Which method wins in PSNR, which in sharpness, and which would you have believed?",
        "Hide one eye, then both. Which methods take the second eye from the first, and which never knew a face?",
        "Open *Where is it guessing?* and hide a cheek, then the mouth. Is it brightest where the error is largest?",
    )


main()
