"""What the address asks for and the page cannot show: said once, in a sentence, instead of silently put right."""

import math
from collections.abc import Sequence

import streamlit as st

MOST = 5  # choices that one sentence names


def check_address(**allowed: tuple[float, float] | Sequence[str]) -> None:
    """Call before the widgets that are bound to the address: for each key its range (low, high) or its choices.

    Streamlit drops a value that a widget cannot take and shows the widget's own choice; here the visitor learns why.
    """
    for key, values in allowed.items():
        asked = st.query_params.get(key)
        if asked is None or _fits(asked, values):
            continue
        if _is_range(values):
            wanted = f"from {values[0]:g} to {values[1]:g}"
        else:
            wanted = f"one of {', '.join(map(str, values[:MOST]))}{', …' if len(values) > MOST else ''}"
        st.info(
            f"The address asks for {key} = “{asked[:20]}”, but it can only be {wanted}: the page shows its own choice.",
            icon=":material/link_off:",
        )


def _is_range(values: tuple[float, float] | Sequence[str]) -> bool:
    return len(values) == 2 and all(isinstance(value, int | float) for value in values)


def _fits(asked: str, values: tuple[float, float] | Sequence[str]) -> bool:
    if not _is_range(values):
        return asked in values
    try:
        number = float(asked)
    except ValueError:
        return False
    low, high = values
    return math.isfinite(number) and float(low) <= number <= float(high)
