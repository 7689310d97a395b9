"""The digits page's machine: the noisy digit, the 50 numbers of a method, and what each method makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import torch
from torch import Tensor

from engine import images, metrics
from engine.corruptions import noise
from engine.datasets import mnist
from engine.latent import digit_reader
from engine.restoration.digit_numbers import digit_numbers
from pages.components.digit_machine.digit_machine import Answer, Line, Numbers, Words, digit_machine
from pages.digits.methods import FIRST, METHODS
from pages.digits.noises import FIRST as FIRST_NOISE
from pages.digits.state import DigitsState
from pages.parts.say import say
from pages.parts.state import state_of


def row(clean: Tensor, noisy: Tensor, restored: Mapping[str, Tensor], kind: str, number: int | None) -> str:
    """Show digits (1, 1, 28, 28) and return the method that stands large. number: in the test set; None: drawn."""
    before, *chances = digit_reader.read(torch.cat([noisy, *restored.values()]))
    answers = [
        answer(name, one, clean, noisy, chance) for (name, one), chance in zip(restored.items(), chances, strict=True)
    ]
    truth = None if number is None else int(mnist.test_half().labels[number])
    label = say("digits.drawn") if number is None else say("digits.test-digit", number=number, digit=truth)
    return digit_machine(
        images.data_url(noisy, "png"),
        images.data_url(clean, "png"),
        label,
        say("digits.before", digit=int(before.argmax()), share=round(100 * before.max().item())),
        truth,
        answers,
        [*said(restored, chances, clean, truth), Line(say("digits.met"), say(f"digits.met.{who_met(kind)}"))],
        words(),
        FIRST,
        state_of(DigitsState).asked,
        key="machine of digits",
    )


def said(restored: Mapping[str, Tensor], chances: Sequence[Tensor], clean: Tensor, truth: int | None) -> list[Line]:
    """The verdict in words: which is closest, and how many of the answers can be read."""
    closest = min(restored, key=lambda name: metrics.mse(restored[name], clean).mean().item())
    key, colour = METHODS[closest]
    read = [int(chance.argmax()) for chance in chances]
    most = max(read, key=read.count) if truth is None else truth
    return [
        Line(say("digits.closest"), say(f"digits.{key}.short"), f"var(--method-{colour})"),
        Line(say("digits.read-as", digit=most), say("digits.of", count=read.count(most), all=len(read))),
    ]


def who_met(kind: str) -> str:
    """Which of the networks have seen that noise in training."""
    return "nobody" if kind in noise.NEVER_TRAINED_ON else "both" if kind == FIRST_NOISE else "u-net"


def answer(name: str, restored: Tensor, clean: Tensor, noisy: Tensor, chances: Tensor) -> Answer:
    """One method's answer (1, 1, 28, 28) with what it is read as, (10,)."""
    key, colour = METHODS[name]
    found = digit_numbers(name, clean, noisy)
    return Answer(
        method=name,
        name=say(f"digits.{key}.name"),
        short=say(f"digits.{key}.short"),
        why=say(f"digits.{key}.why"),
        colour=f"var(--method-{colour})",
        picture=images.data_url(restored, "png"),
        chances=(100 * chances).round().int().tolist(),
        numbers=found
        and Numbers(
            (100 * found.values).round().int().tolist(),
            (100 * found.intact).round().int().tolist(),
            found.moved.nonzero().flatten().tolist(),
        ),
    )


def words() -> Words:
    """What the machine says itself; what stands in its braces the browser knows."""
    return Words(**{field.name: say(f"digits.{field.name.replace('_', '-')}") for field in fields(Words)})
