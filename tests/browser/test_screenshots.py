"""The README's pictures: `pytest -m pictures` writes them into `docs/`."""

import io

import pytest
import torch
from PIL import Image
from playwright.sync_api import Page

from engine import images
from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import methods, results_sheet
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import PAGES
from tests.conftest import ROOT

DOCS = ROOT / "docs"
SHEET = {"light": "#dcd3c1", "dark": "#323c46"}  # what lies between the pictures of the sheet of all pages
pytestmark = pytest.mark.pictures


@pytest.mark.parametrize(
    ("name", "path", "theme"),
    [
        ("faces-light", "/", "light"),
        ("digits-dark", "/digits?digit=18&strength=0.5", "dark"),
        ("codes-light", "/latent?exhibit=Map&map=Variational+autoencoder", "light"),
        ("photo-dark", "/photo", "dark"),
    ],
)
def test_a_desktop(page: Page, open_page: OpenPage, name: str, path: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    open_page(page, path)
    page.wait_for_timeout(2500)
    page.screenshot(path=DOCS / f"{name}.png")


def test_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/")
    phone.wait_for_timeout(2500)
    phone.screenshot(path=DOCS / "faces-phone.png", scale="css")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_on_a_desk_and_on_a_phone(page: Page, phone: Page, open_page: OpenPage, theme: str) -> None:
    """One sheet: three pages in a line, each as a desk shows it and as a phone does."""
    wide, narrow, high, gap = 640, 208, 450, 20
    sheet = Image.new("RGB", (3 * (wide + narrow + 2 * gap) + gap, 2 * (high + gap) + gap), SHEET[theme])
    for number, path in enumerate(PAGES):
        left, top = gap + (number % 3) * (wide + narrow + 2 * gap), gap + (number // 3) * (high + gap)
        for screen, width, x in ((page, wide, left), (phone, narrow, left + wide + gap // 2)):
            screen.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            open_page(screen, path)
            screen.wait_for_timeout(2500)
            shot = Image.open(io.BytesIO(screen.screenshot(scale="css"))).convert("RGB")
            sheet.paste(shot.resize((width, high), Image.Resampling.LANCZOS), (x, top))
    sheet.save(DOCS / f"pages-{theme}.webp", quality=80, method=6)


def test_a_failure() -> None:
    """Both eyes hidden: given, put back, original."""
    row = []
    for face in list(gallery.gallery().values())[:2]:
        hidden = masks.box_mask([(30, 44, 68, 26)])
        restored = methods.restore(face.image, hidden)
        row += [restored.given, restored.composite, face.image]
    (DOCS / "failure.png").write_bytes(images.encode(torch.cat(row, dim=3), "png"))


def test_every_method() -> None:
    """Both eyes of the first face hidden, put back by every method."""
    face, hidden = next(iter(gallery.gallery().values())), masks.box_mask([masks.FEATURES["both eyes"]])
    results = {
        method.title: methods.restore(face.image, hidden, name, seamless=True)
        for name, method in methods.METHODS.items()
    }
    made = results_sheet.of_results(face.image, hidden, results, "Every method on one mask", face.credit)
    (DOCS / "methods.png").write_bytes(made)
