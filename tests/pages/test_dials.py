"""The machine of eight dials without a browser: the address, what a browser may send, what cannot be."""

import base64
import io
from itertools import pairwise

import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine import images
from engine.latent import dials
from pages.codes import faces
from pages.codes.state import CodesState
from pages.components.dial_machine import dial_machine
from pages.components.dial_machine.dial_machine import ALONE, WALK, Turned
from tests.pages.opened_page import open_page

KEY = "dial machine"
NONE = (0.0,) * 8


def open_dials(**query: str) -> AppTest:
    return open_page("codes", **query)


def state(page: AppTest) -> CodesState:
    return page.session_state[CodesState.__name__]


def test_a_link_opens_the_same_dials_and_the_page_writes_them_again() -> None:
    page = open_dials(face="Grace Hopper", smile="1.5", background="-2", number="137", much="2", decoded="1")
    assert not page.exception and not page.error and not page.info
    assert page.selectbox(key="start").value == "Grace Hopper"
    assert state(page).turned == Turned((1.5, *[0.0] * 6, -2.0), 137, 2.0, painted=False)
    code = page.code[-1].value
    assert "[1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.0], 137, 2.0" in code and "enhancement" not in code
    exec(code, {})
    written = {key: page.query_params[key] for key in ("face", "smile", "background", "number", "much", "decoded")}
    assert {key: value[0] if isinstance(value, list) else value for key, value in written.items()} == {
        **{"face": "Grace Hopper", "smile": "1.5", "background": "-2", "number": "137", "much": "2", "decoded": "1"}
    }


def test_a_seed_in_the_address_is_the_face_of_nobody() -> None:
    page = open_dials(nobody="4217", walk="5", towards="2")
    assert not page.exception and not page.info
    assert page.selectbox(key="start").value == "A face of nobody"
    assert (state(page).seed, state(page).turned.walk, state(page).to) == (4217, 5, 2)
    exec(page.code[-1].value, {})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[("smile", value) for value in ("9", "nan", "laughing", "-1e9", "")],
        *[("number", value) for value in ("0", "301", "1.5", "x")],
        *[("much", "99"), ("walk", "11"), ("walk", "-1"), ("towards", "6"), ("nobody", "-1"), ("nobody", "99999")],
        *[("decoded", "yes"), ("face", "Nobody at all")],
    ],
)
def test_what_no_dial_can_be_is_said_in_one_sentence_and_nothing_else_is_lost(key: str, value: str) -> None:
    page = open_dials(age="0.5", **{key: value})
    assert not page.exception and not page.error
    assert len(page.info) == 1 and f"{key} = " in page.info[0].value
    assert state(page).turned.values[dials.NAMES.index("age")] == 0.5


def sent(page: AppTest, **now: object) -> AppTest:
    page.session_state[KEY] = {"now": {"turn": 0, "values": list(NONE), "number": 0, "much": 0, "walk": -1} | now}
    return page.run()


def test_what_the_hand_turns_is_in_the_address_when_it_lets_go() -> None:
    page = open_dials()
    values = [0, 2.5, *[0] * 6]
    sent(page, values=values, held="glasses")
    assert not page.exception and "glasses" not in page.query_params
    assert "enhancement" in page.code[-1].value
    sent(page, values=values, held="")
    assert page.query_params["glasses"] in ("2.5", ["2.5"])
    sent(page)
    assert "glasses" not in page.query_params and "smile" not in page.query_params


@pytest.mark.parametrize(
    "now",
    [
        {"values": "junk"},
        {"values": [1, 2]},
        {"values": [None, float("nan"), float("inf"), True, "1", [], {}, 1e300]},
        {"number": 1000, "much": "x"},
        {"walk": 77, "painted": "no", "held": 3},
    ],
)
def test_a_browser_may_send_anything(now: dict[str, object]) -> None:
    page = sent(open_dials(), **now)
    assert not page.exception and not page.error
    assert all(-6 <= value <= 6 for value in state(page).turned.values)


@pytest.mark.parametrize("held", [*dials.NAMES, ALONE, WALK])
def test_a_track_is_what_the_decoder_draws_along_it(held: str) -> None:
    known, steps = dials.dials(), [0.0, 0.5, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0]
    code, other = known.mean.unsqueeze(0), faces.code_of("Grace Hopper", (), 0)
    turned = Turned(tuple(steps), number=7, much=1.0, held=held)
    track = faces.track(code, known.turned(code, steps, 7, 1.0), other, turned)
    sheet = images.to_tensor(Image.open(io.BytesIO(base64.b64decode(track.sheet.partition(",")[2]))))
    shown = torch.cat(sheet.split(128, dim=3))
    assert track.of == held and len(shown) == track.count
    places = torch.linspace(track.low, track.high, track.count).tolist()

    def exact(value: float) -> torch.Tensor:
        if held == WALK:
            share = value / (track.count - 1)
            return faces.decode((1 - share) * known.turned(code, steps, 7, 1.0) + share * other)
        if held == ALONE:
            return faces.decode(known.turned(code, steps, 7, value))
        number = dials.NAMES.index(held)
        return faces.decode(known.turned(code, [*steps[:number], value, *steps[number + 1 :]], 7, 1.0))

    decoded = torch.cat([exact(place) for place in places])
    assert (shown - decoded).abs().mean() < 2 / 255  # JPEG
    if held != WALK:  # two neighbours laid over each other
        between = torch.cat([exact((a + b) / 2) for a, b in pairwise(places)])
        assert ((decoded[1:] + decoded[:-1]) / 2 - between).abs().max() < 4 / 255


def test_an_earlier_turn_is_not_believed() -> None:
    page = open_dials(smile="1")
    page.session_state[KEY] = {"now": {"turn": 40, "values": [3.0] * 8}}
    page.run()
    assert state(page).turned.values == (1.0, *[0.0] * 7)


def test_hands_are_clamped() -> None:
    assert dial_machine._number(7, 6.0) == 6.0 and dial_machine._number(True, 6.0) == 0.0


def test_the_walk_to_take_home_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.restoration import film

    moving = film.of_walk(torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(0)), "a walk")
    picture = Image.open(io.BytesIO(moving))
    assert getattr(picture, "n_frames", 1) == 6 and picture.size == (16, 16)
