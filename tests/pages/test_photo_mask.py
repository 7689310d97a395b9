"""What one visitor hides never reaches the photo of another: not by the server, not by an address."""

from engine.corruptions import masks
from engine.photos import examples
from pages.parts.address import text_of
from pages.photo.state import first_shapes
from tests.pages.photo_page import open_page, state, upload

FOREIGN = [{"box": [3, 5, 11, 13]}]


def test_what_one_visitor_hides_is_not_hidden_for_another() -> None:
    one, other = (upload(open_page(), examples.two_portraits(), "group.jpg") for _ in range(2))
    number = state(one).number
    one.session_state[f"photo pad {number}"] = {"drawn": {"turn": 0, "shapes": FOREIGN}}
    one.run()
    assert state(one).shapes == FOREIGN, "the pad was not heard: this test would prove nothing"
    other.run()
    later = upload(open_page(), examples.two_portraits(), "group.jpg")
    for page in (other, later):
        assert not page.exception and state(page).shapes == first_shapes() != FOREIGN
        assert str(FOREIGN[0]["box"])[1:-1] not in page.code[-1].value


def test_an_address_carries_no_mask_of_a_photo_and_brings_none() -> None:
    page = open_page(mask=text_of([{"box": list(masks.FEATURES["nose"])}]))
    assert not page.exception and state(page).shapes == first_shapes()
    mine = upload(open_page(), examples.two_portraits(), "group.jpg")
    mine.session_state[f"photo pad {state(mine).number}"] = {"drawn": {"turn": 0, "shapes": FOREIGN}}
    mine.run()
    assert state(mine).shapes == FOREIGN
    assert "mask" not in mine.query_params
