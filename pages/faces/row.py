"""What the machine shows of a question: its methods, their numbers, the verdict in words."""

import torch

from engine import images
from engine.latent import maps
from engine.models import weights
from engine.problem import Problem
from engine.restoration import drafts, numbers, patch, verdict
from engine.restoration.methods import METHODS, Restoration
from engine.restoration.numbers import CodeNumbers
from pages.components.face_machine.face_machine import Answers, Numbers, Patch, Place, Shown, Verdict
from pages.faces.asked import Asked
from pages.parts.problems import sentence_of
from pages.parts.say import say

SIX = 6  # methods that stand in a row, and answers to one hole
# The first of these that there are. Gappy PCA and the U-Net give nearly the same picture: one stands here, both in the
# table of all methods.
ORDER = (
    *("face-painter", "face-autoencoder", "face-unet", "nearest-face", "latent-search", "telea"),
    "navier-stokes",
)
COLOURS = {  # method -> its colour in tokens.css, where that has another name
    **{"face-painter": "painter", "face-autoencoder": "autoencoder"},
    **{"face-unet": "mean", "navier-stokes": "telea"},
}
FACES_MAP = "app/static/face-codes.bin"


def row() -> list[str]:
    """The methods of the row, in its order."""
    there = [name for name in ORDER if name in METHODS]
    shipped = weights.names()
    usable = [name for name in there if set(METHODS[name].models) <= set(shipped)]
    chosen = [*usable, *(name for name in there if name not in usable)][:SIX]
    return [name for name in there if name in chosen]


def called(method: str) -> str:
    """What the row calls a method, for the narrow places."""
    return say(f"method.{method}.short")


def titled(method: str) -> str:
    """The same where there is room, above the answer."""
    return say(f"method.{method}.title")


def kind(method: str, nth: int = 0) -> str:
    """Which 300 numbers are a method's own, where it has many answers those of the nth; empty: none."""
    if nth and method == drafts.MODEL:
        return f"answer {nth}"
    if not numbers.has_numbers(method):
        return ""
    if method in ("face-autoencoder", "latent-search"):
        return {"face-autoencoder": "code", "latent-search": "search"}[method]
    return "draft"


def answered(
    question: Asked, methods: list[str], wanted: list[str], large: str, nth: int, covered: bool = False
) -> Answers:
    """What the wanted ones of the methods answer, and where all are wanted, what they say together.

    nth: which of the `large` one's answers is shown; covered: nobody is to know how near they come to the truth.
    """
    question.ask(name for name in wanted if not METHODS[name].slow and not (nth and name == large))
    shown_as = {large: nth}
    tiles = [
        shown(question, name, waits=name not in {*wanted, *question.answers}, nth=shown_as.get(name, 0))
        for name in methods
    ]
    found = all_numbers(question, wanted, large, nth)
    if wanted != methods:
        return Answers(tiles, found)
    return Answers(tiles, found, place(question), no_verdict() if covered else judged(question, methods))


def shown(question: Asked, method: str, waits: bool, nth: int = 0) -> Shown:
    """A method with its picture, or with the words that stand in its place; `waits`: it is not asked yet. nth: which of
    its answers, where it has many."""
    colour = f"var(--method-{COLOURS.get(method, method)})"
    plain = Shown(
        method, titled(method), called(method), say(f"method.{method}.why"), colour, numbers=kind(method, nth)
    )
    slow, many = METHODS[method].slow, method == drafts.MODEL
    if many and not waits:
        answer = question.another(nth)
    else:
        answer = question.answers.get(method) if slow or waits else question.answer(method)
    words = {"numbers": "" if slow and answer is None else plain.numbers, "asks": slow and answer is None, "many": many}
    if isinstance(answer, Problem):
        return Shown(**{**vars(plain), **words, "missing": sentence_of(answer)})
    if answer is None:
        return Shown(**{**vars(plain), **words, "waits": not slow, "missing": say("machine.slow") if slow else ""})
    return Shown(**{**vars(plain), **words, "patch": laid(answer, question)})


def six(question: Asked, first: Shown) -> list[Patch]:
    """The first six answers of the painter; `first`: it, as it is shown."""
    answers = [question.another(nth) for nth in range(SIX)] if first.many else []
    patches = [laid(answer, question) for answer in answers if isinstance(answer, Restoration)]
    return [patch for patch in patches if patch]


def laid(answer: Restoration, question: Asked) -> Patch | None:
    """What lies over the face, for the browser."""
    return question.once("patch", answer, lambda one: _patch(one, question.hidden))


def _patch(answer: Restoration, hidden: torch.Tensor) -> Patch | None:
    if (found := patch.over(answer.composite, hidden)) is None:
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
    return Place(FACES_MAP, maps.load_map("faces").extent, numbers.place(question.intact["code"]), hole)


def judged(question: Asked, methods: list[str]) -> Verdict:
    """The row's verdict, in words and in figures."""
    answers = {name: question.answers[name] for name in methods if name in question.answers}
    figures = verdict.all_figures(answers, question.face.image, question.hidden, question.face.photograph)
    said = verdict.judge(figures)
    rows = [
        (called(method), *((f"{one.psnr:.1f} dB", f"{one.sharpness:.2f}") if one.counts else ("–", "–")))
        for method, one in figures.items()
    ]
    note = "counted" if question.face.photograph else "not-counted"
    if not figures:
        note = "nothing"
    elif question.hidden.all():
        note = "everything"
    return Verdict(said.closest, said.sharpest, rows, say(f"verdict.{note}"))


def no_verdict() -> Verdict:
    """In the place of what would give the answer of an exercise away."""
    return Verdict("", "", [], say("exercise.first"))
