"""What the machine shows of a question: its methods, their numbers, the verdict in words."""

import torch

from engine import images
from engine.latent import maps
from engine.models import weights
from engine.problem import Problem
from engine.restoration import drafts, numbers, patch, verdict
from engine.restoration.methods import METHODS, Restoration
from engine.restoration.numbers import CodeNumbers
from pages.components.face_machine.face_machine import Numbers, Patch, Place, Shown, Verdict
from pages.faces.asked import Asked

SIX = 6  # methods that stand in a row, and answers to one hole
# The first of these that there are. Gappy PCA and the U-Net give nearly the same picture: one stands here, both in the
# table of all methods.
ORDER = (
    *("face-painter", "face-autoencoder", "face-unet", "nearest-face", "latent-search", "telea"),
    "navier-stokes",
)
WORDS: dict[str, tuple[str, str, str]] = {  # above the answer, under the thumbnail, and one reason for what is seen
    "face-painter": ("The painter", "Painter", "One believable answer of many"),
    "face-autoencoder": (
        "The article's autoencoder",
        "Autoencoder",
        "Never told where the hole is: it takes the black for hair or shadow",
    ),
    "face-unet": ("The mean (U-Net)", "The mean", "The average of all that could be there: safe, and blurred"),
    "nearest-face": ("Nearest known face", "Nearest", "The training face whose visible part is closest"),
    "latent-search": ("Latent search", "Search", "Turns the code until the visible part fits; takes its time"),
    "telea": (
        "From the edges (Telea)",
        "From edges",
        "Carries the colours at the edge inwards: it has never seen a face",
    ),
    "navier-stokes": ("Navier-Stokes", "Navier-Stokes", "Lets lines flow inwards: it has never seen a face"),
}
COLOURS = {  # method -> its colour in tokens.css, where that has another name
    **{"face-painter": "painter", "face-autoencoder": "autoencoder"},
    **{"face-unet": "mean", "navier-stokes": "telea"},
}
NOT_COUNTED = (
    "This face was painted, not photographed, and what painted it knows it: the dashes mark methods whose figures on it"
    " say nothing."
)
COUNTED = "A blurred guess is rewarded by PSNR and shows in its sharpness: 1 is as sharp as the photograph, 0 is flat."
NOTHING = "Nothing is hidden, so there is nothing to measure."
EVERYTHING = "Everything is hidden: each answers with the face it expects, whoever it is."


def row() -> list[str]:
    """The methods of the row, in its order."""
    there = [name for name in ORDER if name in METHODS]
    shipped = weights.names()
    usable = [name for name in there if set(METHODS[name].models) <= set(shipped)]
    chosen = [*usable, *(name for name in there if name not in usable)][:SIX]
    return [name for name in there if name in chosen]


def kind(method: str, nth: int = 0) -> str:
    """Which 300 numbers are a method's own, where it has many answers those of the nth; empty: none."""
    if nth and method == drafts.MODEL:
        return f"answer {nth}"
    if not numbers.has_numbers(method):
        return ""
    if method in ("face-autoencoder", "latent-search"):
        return {"face-autoencoder": "code", "latent-search": "search"}[method]
    return "draft"


def shown(question: Asked, method: str, waits: bool, nth: int = 0) -> Shown:
    """A method with its picture, or with the words that stand in its place; `waits`: it is not asked yet. nth: which of
    its answers, where it has many."""
    title, short, why = WORDS[method]
    plain = Shown(method, title, short, why, f"var(--method-{COLOURS.get(method, method)})", numbers=kind(method, nth))
    slow, many = METHODS[method].slow, method == drafts.MODEL
    if many and not waits:
        answer = question.another(nth)
    else:
        answer = question.answers.get(method) if slow or waits else question.answer(method)
    words = {"numbers": "" if slow and answer is None else plain.numbers, "asks": slow and answer is None, "many": many}
    if isinstance(answer, Problem):
        return Shown(**{**vars(plain), **words, "missing": str(answer)})
    if answer is None:
        return Shown(
            **{**vars(plain), **words, "waits": not slow, "missing": "Takes its time: open it below" if slow else ""}
        )
    return Shown(**{**vars(plain), **words, "patch": laid(answer, question)})


def six(question: Asked, first: Shown) -> list[Patch]:
    """The first six answers of the painter; `first`: it, as it is shown."""
    answers = [question.another(nth) for nth in range(SIX)] if first.many else []
    patches = [laid(answer, question) for answer in answers if isinstance(answer, Restoration)]
    return [patch for patch in patches if patch]


def laid(answer: Restoration, question: Asked) -> Patch | None:
    """What lies over the face, for the browser."""
    if (found := patch.over(answer.composite, question.hidden)) is None:
        return None
    return Patch.of(images.url(found.content, "jpeg"), found.place)


def all_numbers(question: Asked, methods: list[str], large: str = "", nth: int = 0) -> dict[str, Numbers]:
    """Of every kind that one of the methods has; nth: which answer of the `large` one is shown."""
    found: dict[str, Numbers] = {}
    for method in methods:
        name = kind(method)
        if not name or name in found or (METHODS[method].slow and method not in question.answers):
            continue
        try:
            found[name] = as_sent(question.numbers(method, name), question.intact[name])
            if nth and method == large == drafts.MODEL:
                found[kind(method, nth)] = as_sent(question.numbers_of_another(nth), question.intact[name])
        except Problem:  # its own answer says so
            continue
    return found


def as_sent(one: CodeNumbers, intact: torch.Tensor) -> Numbers:
    """For the browser."""
    return {
        "values": hundredths(one.values),
        "intact": hundredths(intact),
        "moved": one.moved.nonzero().flatten().tolist(),
    }


def hundredths(values: torch.Tensor) -> list[int]:
    return (values.clamp(-9.99, 9.99) * 100).round().int().tolist()


def place(question: Asked) -> Place:
    """The face among the test faces, intact and with its hole, by the autoencoder's code."""
    hole = numbers.place(question.numbers("face-autoencoder", "code").values)
    return Place(
        "app/static/face-codes.bin", maps.load_map("faces").extent, numbers.place(question.intact["code"]), hole
    )


def judged(question: Asked, methods: list[str]) -> Verdict:
    """The row's verdict, in words and in figures."""
    known = {method: question.answers[method] for method in methods if method in question.answers}
    figures = verdict.all_figures(known, question.face.image, question.hidden, question.face.photograph)
    said = verdict.judge(figures)
    rows = [
        (WORDS[method][1], f"{one.psnr:.1f} dB", f"{one.sharpness:.2f}") if one.counts else (WORDS[method][1], "–", "–")
        for method, one in figures.items()
    ]
    note = COUNTED if question.face.photograph else NOT_COUNTED
    if not figures:
        note = NOTHING
    elif question.hidden.all():
        note = EVERYTHING
    return Verdict(said.closest, said.sharpest, rows, note)
