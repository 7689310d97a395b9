"""Five letters that carry a class's answers: eight questions of three options, and "not answered".

Four letters of an alphabet of 19 hold 4^8 answers, for 19^4 is 130,321 and 4^8 is 65,536; the fifth checks them. As 19
is prime, weights 2 to 5 before a last letter of weight 1 tell every wrong letter and every two that changed places. No
vowels: no words.
"""

from collections.abc import Sequence

from engine.problem import Problem
from pages.parts.say import say

LETTERS = "BCDFGHJKLMNPQRSTVWZ"
QUESTIONS, NOTHING = 8, 3  # an answer is 0, 1 or 2; 3: not answered
CARRIED = 4  # letters before the one that checks


def encode(answers: Sequence[int | None]) -> str:
    """Answers (8), None where there is none -> five letters."""
    if len(answers) != QUESTIONS or any(answer not in (None, 0, 1, 2) for answer in answers):
        raise ValueError(f"a class code carries {QUESTIONS} answers from 0 to 2")
    number = 0
    for answer in answers:
        number = number * (NOTHING + 1) + (NOTHING if answer is None else answer)
    digits = []
    for _ in range(CARRIED):
        number, digit = divmod(number, len(LETTERS))
        digits.append(digit)
    return "".join(LETTERS[digit] for digit in [*digits, _check(digits)])


def decode(code: str) -> list[int | None]:
    """The answers that `encode` has written, in letters of either case; raises `Problem` for anything else."""
    text = code.strip().upper()
    if len(text) != CARRIED + 1 or any(letter not in LETTERS for letter in text):
        raise Problem(say("lesson.class.no-code"))
    digits = [LETTERS.index(letter) for letter in text]
    number = sum(digit * len(LETTERS) ** place for place, digit in enumerate(digits[:CARRIED]))
    if digits[CARRIED] != _check(digits[:CARRIED]) or number >= (NOTHING + 1) ** QUESTIONS:
        raise Problem(say("lesson.class.wrong-letter", code=text))
    answers: list[int | None] = []
    for _ in range(QUESTIONS):
        number, answer = divmod(number, NOTHING + 1)
        answers.insert(0, None if answer == NOTHING else answer)
    return answers


def count(codes: Sequence[str], question: int) -> list[int]:
    """How often each option of a question, from 0, was answered; the last count: not at all."""
    counts = [0] * (NOTHING + 1)
    for code in codes:
        answer = decode(code)[question]
        counts[NOTHING if answer is None else answer] += 1
    return counts


def _check(digits: Sequence[int]) -> int:
    """What makes the weighted sum of all five nothing."""
    return -sum((place + 2) * digit for place, digit in enumerate(digits)) % len(LETTERS)
