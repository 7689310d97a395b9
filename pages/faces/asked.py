"""What is asked on the faces page, and what is known of it so far."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from engine.corruptions import masks
from engine.corruptions.masks import hide
from engine.corruptions.shapes import Shape
from engine.photos.gallery import GalleryFace, gallery
from engine.problem import Problem
from engine.restoration import drafts, numbers
from engine.restoration.masked_images import Memory
from engine.restoration.methods import METHODS, Restoration, compare, finished
from engine.restoration.numbers import CodeNumbers

FIRST: list[Shape] = [{"box": list(masks.FEATURES["both eyes"])}]  # something to see before the first touch
Found = TypeVar("Found")


@dataclass(eq=False)
class Asked:
    """A face, its mask and the answers that there are."""

    face: GalleryFace
    hidden: Tensor  # bool (1, 1, 128, 128)
    seamless: bool
    answers: dict[str, Restoration | Problem] = field(default_factory=dict)  # by method
    intact: dict[str, Tensor] = field(default_factory=dict)  # numbers of the face with nothing hidden, by kind
    known: dict[str, CodeNumbers] = field(default_factory=dict)  # numbers under this mask, by kind
    boldness: float = drafts.BOLDNESS  # of the answers that are drawn
    others: dict[tuple[int, float], Restoration] = field(default_factory=dict)  # drawn ones, by seed and boldness
    memory: Memory = field(default_factory=Memory)  # gappy PCA is solved once for all who begin with it
    shown: dict[tuple[str, int], tuple[Restoration, Any]] = field(default_factory=dict)  # see `once`

    @property
    def name(self) -> str:
        """Changes when the question does."""
        mask = self.hidden.numpy().tobytes()
        words = f"{self.face.name} {self.seamless} {id(self.face.image)}".encode()
        return hashlib.blake2b(mask + words, digest_size=8).hexdigest()

    @property
    def given(self) -> Tensor:
        return hide(self.face.image, self.hidden)

    def ask(self, methods: Iterable[str]) -> None:
        """Have the answers of several methods: cheaper than one by one."""
        if fresh := [method for method in methods if method not in self.answers]:
            self.answers |= compare(self.face.image, self.hidden, fresh, self.seamless, memory=self.memory)

    def answer(self, method: str) -> Restoration | Problem:
        """What a method puts back, or why it cannot."""
        self.ask([method])
        return self.answers[method]

    def once(self, what: str, answer: Restoration, find: Callable[[Restoration], Found]) -> Found:
        """What `find` finds of one of the answers, under the name of `what`: found once."""
        key = what, id(answer)
        if key not in self.shown:
            self.shown[key] = answer, find(answer)
        return self.shown[key][1]

    def another(self, nth: int) -> Restoration | Problem:
        """The painter's answer of that seed, as bold as is asked; 0: the one it gives when asked once."""
        if nth == 0:
            return self.answer(drafts.MODEL)
        if (nth, self.boldness) not in self.others:
            try:
                masked = self.memory.masked(self.face.image, self.hidden)
                (painted,) = drafts.answers(masked, 1, self.boldness, seed=nth)
            except Problem as problem:
                return problem
            self.others[nth, self.boldness] = finished(masked.given, painted, masked.hidden, self.seamless)
        return self.others[nth, self.boldness]

    def numbers_of_another(self, nth: int) -> CodeNumbers:
        """The weights of the draft under the painter's answer of that seed, from 1 on."""
        intact = self.intact_numbers(drafts.MODEL, "draft")
        masked = self.memory.masked(self.face.image, self.hidden)
        return numbers.drawn_numbers(masked, nth, intact, self.boldness)

    def intact_numbers(self, method: str, kind: str) -> Tensor:
        """Those of the face with nothing hidden."""
        if kind not in self.intact:
            self.intact[kind] = numbers.deviations(method, self.face.image, torch.zeros_like(self.hidden))
        return self.intact[kind]

    def numbers(self, method: str, kind: str) -> CodeNumbers:
        """Those of a kind, asked of a method that has them; raises `Problem` where its weights are missing."""
        if kind not in self.known:
            found = self.answers.get(method) if method == "latent-search" else None
            reconstruction = found.reconstruction if isinstance(found, Restoration) else None
            one = numbers.code_numbers(
                method, self.face.image, self.hidden, reconstruction, self.intact_numbers(method, kind), self.memory
            )
            assert one is not None
            self.known[kind] = one
        return self.known[kind]


def asked(last: Asked | None, face: GalleryFace, hidden: Tensor, seamless: bool, boldness: float) -> Asked:
    """The question, with what is known of it from the last one; boldness is of the answers that are drawn to it.

    The question that the page opens with is the same for everybody, and so is all that is known of it.
    """
    same_face = last is not None and last.face.image is face.image
    if last and same_face and last.seamless == seamless and torch.equal(last.hidden, hidden):
        return last if last.boldness == boldness else replace(last, boldness=boldness)
    fresh = Asked(face, hidden, seamless, boldness=boldness, intact=last.intact if last and same_face else {})
    if face is next(iter(gallery().values()), None) and torch.equal(hidden, masks.shape_mask(FIRST)):
        return replace(opening.setdefault(fresh.name, fresh), boldness=boldness)
    return fresh


def open_up() -> None:
    """Have the methods that follow the hand answer what the page opens with, before anybody comes."""
    for face in list(gallery().values())[:1]:
        question = asked(None, face, masks.shape_mask(FIRST), True, drafts.BOLDNESS)
        question.ask(name for name, method in METHODS.items() if not method.slow)


opening: dict[str, Asked] = {}  # by its name; with and without a seamless edge
