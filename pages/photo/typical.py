"""How typical the framed face is, in a few words and a small histogram under the photo; face_code has it at length."""

from collections.abc import Sequence

import streamlit as st
from torch import Tensor

from engine.latent import typicality
from pages.parts.face_code import judge, verdict
from pages.parts.say import say
from pages.parts.state import once_a_picture


def typical_in_short(face: Tensor) -> None:
    """Show it; face (1, 3, 128, 128)."""
    judged, _ = once_a_picture("photo typical", face, judge)
    edges, counts = typicality.histogram()
    st.markdown(f"**{say('photo.typical')}**")
    st.html(drawing(edges.tolist(), counts.tolist(), judged.score))
    st.caption(verdict(judged))


def drawing(edges: Sequence[float], counts: Sequence[int], score: float) -> str:
    """HTML: bars of `counts` between `edges`, and a mark at the score, at the right end where it lies beyond."""
    bars = "".join(f'<i style="height:{100 * count / max(counts):.1f}%"></i>' for count in counts)
    at = 100 * min(max((score - edges[0]) / (edges[-1] - edges[0]), 0), 1)
    side = "left" if at > 50 else "right"
    return (
        f'<div class="histogram" role="img" aria-label="{say("typical.chart")}">'
        f'<div class="bars">{bars}<b style="left:{at:.1f}%"><span class="{side}">{say("typical.this")}</span></b></div>'
        f'<div class="ends"><span>{say("photo.usual")}</span><span>{say("photo.unlike")}</span></div></div>'
    )
