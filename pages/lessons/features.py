"""What the 50 units of 784-50-784 look for: z = f(Wx), each row of W as a picture, learnt clean and learnt on noise."""

from torch import Tensor, nn

from engine import images
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.lesson_strips.lesson_strips import Strip, lesson_strips
from pages.lessons.choice import choose
from pages.lessons.step import Shown
from pages.parts.say import say

MODELS = {"clean": "digit-autoencoder", "noise": "digit-denoiser"}


def show() -> Shown:
    """Five strips of ten patterns, of one network or the other."""
    label = say("lesson.features.taught")
    taught, seen = choose(label, list(MODELS), "clean", lambda name: say(f"lesson.features.{name}"), key="taught on")
    shown = pictures(rows(MODELS[taught]))
    roughness = {name: rough(rows(model)) for name, model in MODELS.items()}
    strips = [Strip("", images.data_url(images.tiled(part, 10), "png")) for part in shown.split(10)]
    lesson_strips(
        [
            Strip(say("lesson.features.rows", first=10 * i + 1, last=10 * i + 10), one.url)
            for i, one in enumerate(strips)
        ],
        10,
        key="feature strips",
    )
    return Shown(
        seen == {*MODELS},
        {name: f"{value:.2f}" for name, value in roughness.items()},
        f"""from engine.models import weights

network = weights.load("{MODELS[taught]}")
rows = network.encoder[1].weight.view(50, 28, 28)  # z = f(W x + b): what each unit looks for""",
    )


def rows(model: str) -> Tensor:
    """W (50, 784) of a shipped 784-50-784."""
    layer = weights.shared(model, Autoencoder).encoder[1]
    assert isinstance(layer, nn.Linear)
    return layer.weight.detach()


def pictures(weight: Tensor) -> Tensor:
    """W (50, 784) as (50, 1, 28, 28): grey is nothing, each to its own largest."""
    shown = weight.view(-1, 1, 28, 28)
    return 0.5 + 0.5 * shown / shown.abs().amax((1, 2, 3), keepdim=True).clamp_min(1e-9)


def rough(weight: Tensor) -> float:
    """How much neighbours differ, over how large they are: 0 is flat, 2 is noise."""
    shown = weight.view(-1, 28, 28)
    steps = (shown[:, :, 1:] - shown[:, :, :-1]).square().mean() + (shown[:, 1:] - shown[:, :-1]).square().mean()
    return (steps / 2 / shown.square().mean()).item()
