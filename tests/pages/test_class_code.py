"""A class code brings back what it carries, and a wrong letter never passes for another class's answers."""

import random

import pytest

from engine.problem import Problem
from pages.lessons.class_code import LETTERS, count, decode, encode


def drawn(seed: int) -> list[int | None]:
    return random.Random(seed).choices([None, 0, 1, 2], k=8)


def test_every_code_comes_back_in_either_case() -> None:
    for seed in range(500):
        answers = drawn(seed)
        code = encode(answers)
        assert len(code) == 5 and not {*code} & {*"AEIOUXY"}
        assert decode(f" {code.lower()} ") == answers
    assert decode(encode([None] * 8)) == [None] * 8


def test_every_wrong_letter_and_every_swap_is_found() -> None:
    for seed in range(40):
        code = encode(drawn(seed))
        wrong = [code[:at] + letter + code[at + 1 :] for at in range(5) for letter in LETTERS if letter != code[at]]
        for first in range(5):
            for second in range(first):
                letters = [*code]
                letters[first], letters[second] = letters[second], letters[first]
                wrong += ["".join(letters)] if "".join(letters) != code else []
        for text in wrong:
            with pytest.raises(Problem, match="wrong letter"):
                decode(text)


@pytest.mark.parametrize("text", ["", "BCDF", "BCDFGH", "BCDFA", "12345", "ＢＣＤＦＧ"])
def test_what_is_no_code_is_said(text: str) -> None:
    with pytest.raises(Problem, match="five letters"):
        decode(text)


def test_answers_are_counted() -> None:
    codes = [encode([answer, *[None] * 7]) for answer in (1, 1, 2, None)]
    assert count(codes, 0) == [0, 2, 1, 1] and count(codes, 1) == [0, 0, 0, 4]


def test_more_than_eight_or_a_fourth_option_is_no_code() -> None:
    for answers in ([0] * 9, [3, *[0] * 7]):
        with pytest.raises(ValueError, match="eight|8"):
            encode(answers)
