"""Sheets of a lesson that print on one A4 page: questions to answer by hand, and the answers with their reasons."""

from html import escape
from pathlib import Path

from pages.lessons.path import LESSONS, OPTIONS, Place
from pages.parts.say import language, say

STYLE = Path(__file__).with_name("worksheet.css")
ROWS = 2  # empty lines under a task


class Fixed(dict[str, object]):
    """On paper no figure of a picture is known: an ellipsis stands in its place."""

    def __missing__(self, name: str) -> str:
        return "…"


def worksheet(number: int) -> str:
    """The pupil's sheet of a lesson, a page of HTML in the visitor's language."""
    return _page(number, False)


def answer_sheet(number: int) -> str:
    """The same sheet with the right options marked and the reason for each."""
    return _page(number, True)


def _page(number: int, answered: bool) -> str:
    name, kind = say(f"lesson.{number}.name"), say("lesson.sheet.answers" if answered else "lesson.sheet.worksheet")
    steps = "".join(_step(Place(number, step), answered) for step in range(1, len(LESSONS[number - 1].steps) + 1))
    tongue = "zh-Hant-TW" if language().startswith("zh") else language()
    title = escape(f"{number} · {name}")
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE.read_text('utf-8')}</style></head><body><header><h1>{title}</h1>"
        f"<p>{escape(kind)}</p></header><p class=who>{escape(say('lesson.sheet.who'))}</p>"
        f"<p>{escape(say(f'lesson.{number}.aim'))}</p>{steps}"
        f"<footer>{escape(say('lesson.sheet.foot', number=number))}</footer></body></html>"
    )


def _step(place: Place, answered: bool) -> str:
    def said(part: str) -> str:
        return escape(say(f"lesson.{place}.{part}").format_map(Fixed()).replace(":primary[", "").replace("]", ""))

    options = "".join(
        f"<li{' class=right' if answered and option == place.here.answer + 1 else ''}>{said(f'option{option}')}</li>"
        for option in range(1, OPTIONS + 1)
    )
    seen = f"<p class=did>{said('claim')}</p>" if answered else "<p class=line></p>" * ROWS
    reason = f"<p class=did>{said(f'check{place.here.answer + 1}')}</p>" if answered else ""
    return (
        f"<section><h2>{said('title')}</h2><p>{said('task')}</p>{seen}"
        f"<h3>{said('question')}</h3><ol>{options}</ol>{reason}</section>"
    )
