"""Eight answers of the painter to one hole, and the blur that their mean is."""

from dataclasses import replace
from functools import cache
from statistics import mean

from engine import images
from engine.corruptions import masks
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import masked_images, mean_of_answers, methods
from engine.restoration.mean_of_answers import MeanOfAnswers
from pages.components.lesson_mean.lesson_mean import Point, choice_of, lesson_mean
from pages.lessons.step import Shown
from pages.parts.say import say

FACE, BOX, COUNT, BOLDNESS, SEED = "astronaut", (32, 32, 64, 64), 8, 0.85, 0
KEY, FIRST = "mean", 1
COLOURS = {
    "face-painter": "var(--method-painter)",
    "face-autoencoder": "var(--method-autoencoder)",
    "gappy-pca": "var(--method-gappy-pca)",
    "face-unet": "var(--method-mean)",
    "telea": "var(--method-telea)",
}


def show() -> Shown:
    """Answers, their mean, the plane; the law with the figures of what is chosen."""
    found, places, trail, points = measured()
    choice = choice_of(KEY, COUNT, FIRST)
    chosen = mean_of_answers.subsets(COUNT)[choice]
    words = [
        "answers",
        "tap",
        "single",
        "mean",
        "figures",
        "trade",
        "plane",
        "up",
        "right",
        "photograph",
        "hold",
        "sharp",
        "blurred",
        "slider",
        "answer",
    ]
    lesson_mean(
        images.data_url(found.original),
        [images.data_url(answer) for answer in found.answers],
        places,
        trail,
        [replace(point, name=say(f"lesson.method.{point.name}")) for point in points],
        {word: say(f"lesson.mean.{word}") for word in words},
        choice,
        key=KEY,
    )
    law, sharpest = found.law(chosen), max(range(COUNT), key=lambda one: places[2**one][1])
    return Shown(
        len(chosen) == COUNT,
        {
            "count": len(chosen),
            "average": f"{1000 * law.average:.1f}",
            "spread": f"{1000 * law.average - 1000 * law.error:.1f}",
            "error": f"{1000 * law.error:.1f}",
            "sharpest": f"{places[2**sharpest][0]:.1f}",
            "all": f"{places[-1][0]:.1f}",
            "one": f"{trail[0][0]:.1f}",
        },
        f"""from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import mean_of_answers

face, hidden = gallery.gallery()["{FACE}"].image, masks.box_mask([{BOX}])
found = mean_of_answers.paint(face, hidden, count={COUNT}, boldness={BOLDNESS}, seed={SEED})
print(found.place({chosen}), found.law({chosen}))  # decibels and sharpness; error = average - spread
restored = found.mean({chosen})""",
    )


Places = list[tuple[float, float]]


@cache
def measured() -> tuple[MeanOfAnswers, Places, Places, list[Point]]:
    """The answers, the place of every choice, the means over choices of one, two and more, and the methods' points."""
    face, hidden = gallery.gallery()[FACE].image, masks.box_mask([BOX])
    found = mean_of_answers.paint(face, hidden, COUNT, BOLDNESS, SEED)
    subsets = mean_of_answers.subsets(COUNT)
    places = [(0.0, 0.0), *(found.place(chosen) for chosen in subsets[1:])]
    trail = []
    for count in range(1, COUNT + 1):
        same = [place for place, chosen in zip(places, subsets, strict=True) if len(chosen) == count]
        trail.append((mean(place[0] for place in same), mean(place[1] for place in same)))
    points = []
    for method, answer in methods.compare(face, hidden, list(COLOURS), memory=masked_images.SHIPPED).items():
        if not isinstance(answer, Problem):
            x, y = mean_of_answers.place(answer.reconstruction, face, hidden)
            points.append(Point(method, COLOURS[method], x, y))
    return found, places, trail, points
