"""The page "Your photo" in a real browser: a phone's photo in, a box drawn, and the photo out again."""

import io
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlparse

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine import images
from engine.photos import alignment
from tests.bad_files import FILES
from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import PAD, drag, source, swipe, wait_for_another
from tests.browser.server import ROOT

AFTER = ".wipe .after"
SEEN = ".pad svg.picture image"
SQUARE = ".framer svg.photo"
BUSY = 30_000  # ms: 12 megapixels on a machine that has other things to do
COPY = """async ([width, height]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").fillRect(0, 0, width, height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""  # a black picture into the clipboard
FILMING = """() => {
    const video = document.querySelector("video");
    if (!video?.videoWidth) return false;
    const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const brush = canvas.getContext("2d");
    brush.drawImage(video, 0, 0, 8, 8);
    return brush.getImageData(7, 0, 1, 1).data[2] > 100;
}"""  # the camera shows its scene, whose corner is blue, and no longer the black before the first picture


def plain(width: int, height: int) -> bytes:
    """A grey PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (120, 120, 120)).save(buffer, "png")
    return buffer.getvalue()


def upload(page: Page, name: str, content: bytes, mime: str = "image/jpeg") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": mime, "buffer": content})


def bring(page: Page, photo: bytes) -> str:
    """Upload the phone's photo and return the address of the picture with the face put back."""
    example = source_of_answer(page)
    upload(page, "holiday.jpg", photo)
    expect(page.get_by_text("3000 × 4000 pixels")).to_be_visible(timeout=BUSY)
    for part in (SQUARE, PAD):
        expect(page.locator(part)).to_have_count(1, timeout=BUSY)  # the example's are gone
    wait_for_another(page, example, AFTER)
    return source_of_answer(page)


@pytest.fixture(scope="module")
def phone_photo() -> bytes:
    """12 megapixels as a phone stores them: lying on their side, with the EXIF note that turns them upright."""
    draw = np.random.default_rng(0)
    coarse = Image.fromarray(draw.integers(60, 200, (16, 12, 3), dtype=np.uint8))
    upright = coarse.resize((3000, 4000), Image.Resampling.BICUBIC)
    face = images.open_image(ROOT / "engine" / "data" / "gallery" / "astronaut.png")
    upright.paste(face.resize((900, 900), Image.Resampling.BICUBIC), (700, 1500))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it
    buffer = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(buffer, "jpeg", quality=90, exif=exif)
    return buffer.getvalue()


def test_only_what_was_hidden_changes_in_the_downloaded_photo(
    page: Page, open_page: OpenPage, phone_photo: bytes, tmp_path: Path
) -> None:
    open_page(page, "/photo")
    before = bring(page, phone_photo)
    drag(page, page.locator(PAD), (0.2, 0.3), (0.5, 0.6))
    wait_for_another(page, before, AFTER)
    boxes = [
        [float(box.get_attribute(name) or 0) for name in ("x", "y", "width", "height")]
        for box in page.locator(".pad .shapes rect").all()
    ]
    assert len(boxes) == 2

    page.locator(".st-key-photo-save button").click()
    with page.expect_download(timeout=BUSY) as waiting:
        page.get_by_role("button", name="PNG", exact=True).click()
    waiting.value.save_as(tmp_path / "out.png")
    assert waiting.value.suggested_filename == "restored.png"
    result = Image.open(tmp_path / "out.png")
    assert result.size == (3000, 4000) and not result.getexif()

    given = images.open_image(phone_photo)
    (framing,) = alignment.find_framings(given)
    rows, columns = np.nonzero((np.asarray(given) != np.asarray(result)).any(2))
    to_crop = np.linalg.inv(np.vstack([framing.matrix(), [0, 0, 1]]))
    x, y, _ = to_crop @ (columns + 0.5, rows + 0.5, np.ones(len(rows)))
    inside = [(x >= left) & (x <= left + w) & (y >= top) & (y <= top + h) for left, top, w, h in boxes]
    assert np.any(inside, axis=0).all(), "a pixel changed that was not hidden"
    area = framing.side**2 / 128**2
    for part, (_, _, width, height) in zip(inside, boxes, strict=True):
        assert part.sum() > 0.8 * width * height * area, "a hidden part was not replaced"


def test_photo_pad_and_answer_are_one_line_with_six_answers_and_sizes_to_tap(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/photo")
    expect(page.get_by_role("combobox", name="Method")).to_have_value("The painter")
    expect(page.get_by_text("Back in the photo: answer 1 of 6")).to_be_visible()
    six = page.locator(".st-key-six-of-photo button")
    expect(six).to_have_count(6)
    for width, height in ((1280, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        places = [page.locator(part).bounding_box() for part in (PAD, ".wipe .stage", ".framer .ground")]
        for side, parts in (("y", 3), ("width", 2), ("height", 2)):  # the photo has its own form
            sizes = [place[side] for place in places[:parts] if place]
            assert len(sizes) == parts and max(sizes) - min(sizes) <= 1, (width, side, sizes)
        sizes = page.locator(".copies").bounding_box()
        assert sizes and sizes["y"] + sizes["height"] <= height, "the last line is not on the screen"
    before = source(page, AFTER)
    six.nth(2).click()
    wait_for_another(page, before, AFTER)
    expect(page).to_have_url(re.compile("answer=2"))
    page.get_by_role("button", name="8 × 8").click()
    expect(page.get_by_text("255 pixels in 256 are invented.")).to_be_visible(timeout=BUSY)
    expect(page).to_have_url(re.compile("task=From"))


def test_a_bad_file_is_said_and_the_photo_stays(page: Page, open_page: OpenPage, phone_photo: bytes) -> None:
    open_page(page, "/photo")
    example = source_of_answer(page)
    before = bring(page, phone_photo)
    upload(page, "notes.png", b"no picture at all", "image/png")
    expect(page.get_by_role("alert")).to_have_count(1)
    assert source(page, AFTER) == before
    page.get_by_role("button", name="Forget my photo").click()
    assert wait_for_another(page, before, AFTER) == example
    expect(page.get_by_role("alert")).to_have_count(0)


def test_whatever_is_uploaded_gives_its_sentence_or_its_picture(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/photo")
    upload(page, "plain.png", plain(641, 480), "image/png")
    shown = page.get_by_text("641 × 480 pixels")
    expect(shown).to_be_visible(timeout=BUSY)
    for name in ("SVG", "PDF", "JPEG, cut off", "nothing at all"):
        upload(page, "photo.jpg", FILES[name].make())
        expect(page.get_by_role("alert")).to_have_text(re.compile(FILES[name].says), timeout=BUSY)
        settled(page)
        expect(shown).to_be_visible()
    upload(page, f"../../\N{COLLISION SYMBOL}\N{CAMERA}{'x' * 300}.png", plain(642, 480), "image/png")
    shown = page.get_by_text("642 × 480 pixels")
    expect(shown).to_be_visible(timeout=BUSY)
    expect(page.get_by_role("alert")).to_have_count(0)
    upload(page, "photo.jpg", plain(643, 480).ljust(26 * 2**20, b"\0"))
    expect(page.get_by_text(re.compile("File must be .* or smaller"))).to_be_visible()
    settled(page)
    expect(shown).to_be_visible()


def test_a_large_upload_is_never_laid_on_the_disk(page: Page, open_page: OpenPage, tmp_path: Path) -> None:
    """The server cannot make a temporary file (see `server` in conftest.py), and needs none."""
    (tmp_path / "photo.jpg").write_bytes(plain(644, 480).ljust(24 * 10**6, b"\0"))
    open_page(page, "/photo")
    page.locator("input[type=file]").set_input_files(tmp_path / "photo.jpg")
    expect(page.get_by_text("644 × 480 pixels")).to_be_visible(timeout=BUSY)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_square_is_moved_turned_and_zoomed_and_comes_back(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/photo")
    square = page.locator(SQUARE)
    found = seen = source_of_pad(page)
    drag(page, square, (0.325, 0.5), (0.36, 0.53))  # the astronaut hangs there
    seen = wait_for_another_face(page, seen)
    for key in ("ArrowLeft", "e", "+"):
        square.focus()
        page.keyboard.press(key)
        seen = wait_for_another_face(page, seen)
    page.get_by_role("button", name="Reset").click()
    assert wait_for_another_face(page, seen) == found


def test_another_face_is_chosen_on_the_photo(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/photo")
    seen = source_of_pad(page)
    page.get_by_role("button", name="Face 2").click()
    wait_for_another_face(page, seen)
    expect(page.get_by_role("button", name="Face 2")).to_have_attribute("aria-pressed", "true")


def test_a_photo_survives_a_visit_to_another_page(page: Page, open_page: OpenPage, phone_photo: bytes) -> None:
    open_page(page, "/photo")
    before = bring(page, phone_photo)
    page.locator(SQUARE).focus()
    page.keyboard.press("Shift+ArrowRight")
    moved = wait_for_another(page, before, AFTER)
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_role("heading", name="How much noise")).to_be_visible()
    page.get_by_role("link", name="Your photo").click()
    expect(page.get_by_text("3000 × 4000 pixels")).to_be_visible(timeout=BUSY)
    expect(page.locator(AFTER).first).to_have_attribute("src", moved)


def test_the_webcam_takes_a_shot_and_its_face_is_framed(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/photo")
    example = source_of_pad(page)
    page.get_by_role("button", name="Camera", exact=True).click()
    page.wait_for_function(FILMING)
    page.get_by_role("button", name="Take Photo").click()
    wait_for_another_face(page, example)
    expect(page.locator("video")).to_have_count(0)  # it has folded away
    expect(page.get_by_text("No face was found")).to_have_count(0)
    expect(page.get_by_role("button", name="Face 2")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_picture_is_pasted_by_key_and_by_button(page: Page, open_page: OpenPage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, "/photo")
    page.evaluate(COPY, [641, 480])
    page.keyboard.press("Control+V")
    expect(page.get_by_text("641 × 480 pixels")).to_be_visible(timeout=BUSY)
    expect(page.get_by_text("No face was found")).to_be_visible()
    page.evaluate(COPY, [642, 480])
    page.get_by_role("button", name="Paste a picture").click()
    expect(page.get_by_text("642 × 480 pixels")).to_be_visible(timeout=BUSY)
    page.evaluate("navigator.clipboard.writeText('no picture')")
    page.get_by_role("button", name="Paste a picture").click()
    expect(page.get_by_text("There is no picture in the clipboard")).to_be_visible()
    page.keyboard.press("Control+V")
    expect(page.get_by_text("642 × 480 pixels")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_photo_replaced_and_removed_in_mid_run(page: Page, open_page: OpenPage, phone_photo: bytes) -> None:
    """What comes while faces are still looked for takes the place of what came before, and nothing is mixed."""
    open_page(page, "/photo")
    example = source_of_answer(page)
    upload(page, "first.jpg", phone_photo)
    upload(page, "second.png", plain(700, 500), "image/png")
    expect(page.get_by_text("700 × 500 pixels")).to_be_visible(timeout=BUSY)
    settled(page)
    expect(page.get_by_text("3000 × 4000 pixels")).to_have_count(0)
    expect(page.get_by_text("No face was found")).to_be_visible()
    upload(page, "third.jpg", phone_photo)
    page.get_by_role("button", name="Forget my photo").click()
    expect(page.get_by_text("1200 × 900 pixels")).to_be_visible(timeout=BUSY)
    settled(page)
    assert source_of_answer(page) == example


def test_two_tabs_have_two_photos(page: Page, open_page: OpenPage) -> None:
    other = page.context.new_page()
    for tab, width in ((page, 700), (other, 500)):
        open_page(tab, "/photo")
        upload(tab, "plain.png", plain(width, 400), "image/png")
    for tab, width in ((page, 700), (other, 500)):
        expect(tab.get_by_text(f"{width} × 400 pixels")).to_be_visible(timeout=BUSY)
    other.get_by_role("button", name="Forget my photo").click()
    expect(other.get_by_text("1200 × 900 pixels")).to_be_visible(timeout=BUSY)
    page.get_by_role("button", name="Nose").click()
    settled(page)
    expect(page.get_by_text("700 × 400 pixels")).to_be_visible()


def test_a_finger_moves_the_square_on_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/photo")
    seen = source_of_pad(phone)
    swipe(phone, phone.locator(SQUARE), (0.325, 0.5), (0.4, 0.55))
    wait_for_another_face(phone, seen)
    overflow = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, "the page is wider than the phone"


def source_of_answer(page: Page) -> str:
    """The address of the picture with the face put back; waits for the first one."""
    expect(page.locator(AFTER)).to_have_attribute("src", re.compile("^data:"))
    return source(page, AFTER)


def source_of_pad(page: Page) -> str:
    """The address of the framed face that lies under the pad."""
    expect(page.locator(SEEN)).to_have_attribute("href", re.compile("^data:"))
    return page.locator(SEEN).get_attribute("href") or ""


def wait_for_another_face(page: Page, before: str) -> str:
    """The address of the framed face once it is another; while one photo follows another, both pads may be there."""
    for _ in range(BUSY // 100):
        seen = page.locator(SEEN).evaluate_all("(images) => images.map((image) => image.getAttribute('href'))")
        if len(seen) == 1 and seen[0] and seen[0] != before:
            return seen[0]
        page.wait_for_timeout(100)
    raise AssertionError("the pad still shows the face from before")


def test_a_face_from_few_pixels_has_many_answers(phone: Page, open_page: OpenPage) -> None:
    """Another size and another answer change the picture; of the photo nothing comes into the address."""
    open_page(phone, "/photo?task=From+16+pixels")
    painted = ".painted img[alt='The painter']"
    expect(phone.locator(painted)).to_have_attribute("src", re.compile("^data:"), timeout=BUSY)
    first = source(phone, painted)
    phone.get_by_role("button", name="8 × 8").click()
    tiny = wait_for_another(phone, first, painted)
    expect(phone.get_by_text("255 pixels in 256 are invented.")).to_be_visible(timeout=BUSY)
    phone.get_by_role("button", name="Answer 2", exact=True).click()
    wait_for_another(phone, tiny, painted)
    expect(phone.get_by_text("Answer 2 of 6")).to_be_visible()
    settled(phone)
    address = dict(parse_qsl(urlparse(phone.url).query))
    assert address == {"task": "From 16 pixels", "copy": "8 px", "answer": "1"}
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
