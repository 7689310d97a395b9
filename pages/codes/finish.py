"""The switch between a face as it is decoded and one that the painter has finished."""

from torch import Tensor

from engine.restoration import enhancement
from pages.parts.named_choice import choose
from pages.parts.say import say

KEY = "finish"
DECODED, PAINTED = "As decoded", "Finished by the painter"
CHOICES = [PAINTED, DECODED]


def switch() -> bool:
    """Whether faces are to be finished; kept from exhibit to exhibit, and in the address."""
    chosen = choose(
        KEY,
        CHOICES,
        PAINTED,
        say("finish.faces"),
        lambda choice: say("finish.painted" if choice == PAINTED else "finish.as-decoded"),
        persist_state="session",
        label_visibility="visible",
        help=say("finish.help"),
    )
    return chosen == PAINTED


def as_chosen(decoded: Tensor, finished: bool) -> Tensor:
    """Decoded faces (N, 3, 128, 128) as the switch asks for them."""
    return enhancement.finish(decoded) if finished else decoded


def call(decoded: str, finished: bool) -> str:
    """The engine's expression for `as_chosen` of that one."""
    return f"enhancement.finish({decoded})" if finished else decoded


def imported(finished: bool) -> str:
    """The line that such an expression needs before it."""
    return "from engine.restoration import enhancement\n" if finished else ""
