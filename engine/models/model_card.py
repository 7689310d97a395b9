"""The model card: README.md of a weights folder, written from its config.json, so that no figure is typed by hand."""

import os
import platform
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from typing import Any

import torch

from engine import tables
from engine.models import hub_header
from engine.models.recipes import Recipe

FACE_LICENCE = """Weights: CC BY-NC-SA 4.0, for non-commercial use, since they were trained on faces of FFHQ
(NVIDIA Corporation; T. Karras, S. Laine, T. Aila, "A Style-Based Generator Architecture for Generative Adversarial
Networks", CVPR 2019; CC BY-NC-SA 4.0). Not for face recognition."""
OTHER_LICENCE = """Weights: for research and teaching that is not commercial, as some of the faces ask that they were
trained on: FFHQ (NVIDIA Corporation; T. Karras, S. Laine, T. Aila, "A Style-Based Generator Architecture for Generative
Adversarial Networks", CVPR 2019; CC BY-NC-SA 4.0), CelebA (Z. Liu, P. Luo, X. Wang, X. Tang, "Deep Learning Face
Attributes in the Wild", ICCV 2015; non-commercial research), All-Age-Faces (J. Cheng et al., 2019; research). Some of
the other sources state no terms. Not for face recognition."""
DIGIT_LICENCE = "Weights: Apache-2.0, as the code. Data: MNIST, Y. LeCun, C. Cortes, C. Burges."
FACE_LIMITS = """A code of a few hundred numbers and a squared error give the *average* of what could be there: the
reconstruction is blurred, the more so the larger the hole. It knows frontal faces in FFHQ framing; turned heads,
hands, hats, sunglasses, drawings and animals come out as some ordinary face. The training faces are not balanced by
age, sex or skin colour, and so neither is its idea of a face. What it paints is a guess, never evidence of what was
there."""
COLOUR_LIMITS = """A squared error gives the *average* of the colours that could be there: skin and hair come out in
likely, pale tones, clothes and backgrounds in none. It knows frontal faces in FFHQ framing, and guesses a colour of
skin from the brightness of a photograph, which light and exposure decide as much as the person does: it says nothing
about anybody."""
FRAMING_LIMITS = """It corrects a frame that a detector has laid roughly: no more than 6 % of its side, 9 degrees and
10 % of its size at a look, the range it was taught. What it takes for farther off is left alone. It knows photographed
human faces; on drawings and animals it corrects a little, and not always for the better."""
UNET_LIMITS = """It was taught with a squared error, whose best guess is the *average* of what could be there: a blur,
the more so the larger the hole. It knows frontal faces in FFHQ framing and finishes what gappy PCA has drafted, which
for a large hole is some ordinary face. The training faces are not balanced by age, sex or skin colour. What it paints
is a guess, never evidence of what was there."""
PAINTER_LIMITS = """It was taught to look real, not to be right: of all that could be there it paints one, and is more
often wrong the sharper it looks. Weak are mouths that laugh widely and mouths in dark skin (teeth smear), the far half
of a face seen from the side, and the edges of large holes over plain backgrounds; on what is no face (glasses, hands,
hats, animals) it invents shapes. It knows faces in FFHQ framing; the training faces are not balanced by age, sex or
skin colour. What it paints is never evidence of what was there, and a likeness to anybody is chance."""
FACES_ARE = """FACES is a folder or tar of square face pictures in FFHQ framing (the 70,000 of FFHQ's thumbnails128x128
fit as they are), TEST_FACES others of the kind, kept apart from training; --match takes those whose path holds that
word."""
MNIST_IS = """MNIST is the folder that `python -m engine data digits` fills (data/mnist, taken where no --data is said),
or mnist.npz."""
DIGIT_LIMITS = """It knows one upright grey digit of 28x28 pixels, centred the MNIST way. Letters, two digits, inverted
ink and noise it was not trained on come out as the nearest thing to a digit."""
GROUP = "hole_psnr_{}_third"  # a figure of faces by how light their skin is in the photograph


def config(
    recipe: Recipe, data: dict[str, Any], command: str, evaluate: str, seconds: float, device: str
) -> dict[str, Any]:
    """What config.json says of a trained model before its figures are measured, by the command `evaluate`.

    `weights.write` adds what the weights themselves tell: their number and their sha256.
    """
    return {
        "name": recipe.name,
        "title": recipe.title,
        "architecture": recipe.architecture,
        "options": recipe.options,
        "recipe": asdict(recipe),
        "data": data,
        "figures": {},
        "command": command,
        "evaluate": evaluate,
        "hardware": hardware(device),
        "seconds": round(seconds),
        "date": date.today().isoformat(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "numpy")},
        },
        "licence": "CC-BY-NC-SA-4.0" if recipe.data == "faces" else "Apache-2.0",
    }


def hardware(device: str) -> str:
    """The processor that trained the model, in words."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name()
    return f"CPU, {torch.get_num_threads()} threads ({torch.backends.cpu.get_cpu_capability()})"


def measured_here() -> str:
    """With what something was measured just now, for the end of a sentence: processor, cores, date."""
    return f"{hardware('cpu')}, {os.cpu_count()} cores, {date.today().isoformat()}"


def data_lines(config: dict[str, Any]) -> list[str]:
    """What a model was trained on, a line each."""
    lines = [f"{name}: {value}" for name, value in config["data"].items()]
    shares = config["recipe"].get("shares")
    if shares and "prototype" not in config:  # which was not trained by its recipe
        said = ", ".join(f"{source.rstrip('_')} {share:g}" for source, share in shares.items())
        lines.append(f"how often a picture is drawn in training, by its source: {said}, any other 1")
    return lines


def limits(config: dict[str, Any]) -> str:
    """What a model cannot do, and on which faces it does worst."""
    known = FACE_LIMITS if config["recipe"]["data"] == "faces" else DIGIT_LIMITS
    known = {
        "colouring": COLOUR_LIMITS,
        "framing": FRAMING_LIMITS,
        "refining": UNET_LIMITS,
        "painting": PAINTER_LIMITS,
    }.get(config["recipe"].get("figures"), known)
    return known + weakest_group(config)


def weakest_group(config: dict[str, Any]) -> str:
    """Of three groups of test faces the one whose holes were filled worst, as a paragraph; "" where none was measured.

    The groups are of pixels, not of people: light and exposure decide as much as the person does.
    """
    head, tail = GROUP.split("{}")
    groups = {name[len(head) : -len(tail)]: value for name, value in config["figures"].items() if name.endswith(tail)}
    if not groups:
        return ""
    weakest = min(groups, key=groups.__getitem__)
    said = ", ".join(f"{value:.2f} dB in the {name} third" for name, value in groups.items())
    return f"""

By the lightness of the skin on the cheeks in the photograph, where light and exposure decide as much as the person, the
weakest group of the test faces is the {weakest} third. PSNR in the hole: {said}."""


def licence(config: dict[str, Any]) -> str:
    """Who may use a model, and whom to credit."""
    if config["licence"] == "other":
        return OTHER_LICENCE
    return FACE_LICENCE if config["recipe"]["data"] == "faces" else DIGIT_LICENCE


def terms(config: dict[str, Any]) -> str:
    """Data, limits and licence as Markdown."""
    data = "\n".join(f"* {line}" for line in data_lines(config))
    return f"## Data\n\n{data}\n\n## Limits\n\n{limits(config)}\n\n## Licence\n\n{licence(config)}\n"


def schedule(config: dict[str, Any]) -> str:
    """How the weights were found, in words; of a prototype, what its config.json says of it."""
    if "prototype" in config:
        return config["prototype"]
    recipe = config["recipe"]
    if recipe["optimiser"] == "closed form":
        return "computed in closed form from all training pictures"
    return f"""corruption: {recipe["corruption"]}; loss: {recipe["loss"]}; optimiser: {recipe["optimiser"]},
  {recipe["schedule"]} learning rate up to {recipe["learning_rate"]}; batch {recipe["batch"]};
  {recipe["epochs"]} epochs; seed {recipe["seed"]}; averaged weights (EMA {recipe["ema"]})"""


def precision(config: dict[str, Any]) -> str:
    """How the weights are kept, in words."""
    return "8 bits a number" if config["architecture"] == "mirrored-components" else "half precision"


def again(config: dict[str, Any]) -> str:
    """What the command on the card does."""
    return "train the same kind of network" if "prototype" in config else "train it again"


def on_a_gpu(recipe: dict[str, Any]) -> str:
    """What the command does where there is a GPU; nothing for what is computed on the CPU anyway."""
    if recipe["optimiser"] == "closed form":
        return ""
    how = "bf16, steps replayed as CUDA graphs, data kept on the card"
    return f"* the same on a GPU, where there is one ({how}): the same command\n"


def figures_table(config: dict[str, Any]) -> str:
    """The figures of a config.json as a Markdown table."""
    rows = [(name.replace("_", " "), f"{value:.5g}") for name, value in config["figures"].items()]
    return tables.markdown(("figure", "value"), rows)


def text(config: dict[str, Any]) -> str:
    """The card as Markdown, with the header that model hubs read."""
    recipe = config["recipe"]
    hours = config["seconds"] / 3600
    return f"""{hub_header.header(config)}
# {config["name"]}

{config["title"]}. {config["parameters"]:,} parameters, shipped in {precision(config)}.

## Figures

Measured on the shipped weights ({precision(config)}) by `{config["evaluate"]}`.

{figures_table(config)}

## Load it

```python
{hub_header.loading(config)}
```

## Training

* {schedule(config)}
* hardware: {config["hardware"]}; {config["seconds"]:,} seconds ({hours:.1f} hours); {config["date"]};
  torch {config["versions"]["torch"]}
* {again(config)}: `{config["command"]}`
{on_a_gpu(recipe)}{_bullet(stand_ins(config))}
{terms(config)}"""


def stand_ins(config: dict[str, Any]) -> str:
    """What the words in capitals stand for in a model's commands; empty where there are none."""
    words = {*config["command"].split(), *config["evaluate"].split()}
    return FACES_ARE if words & {"FACES", "TEST_FACES"} else MNIST_IS if "MNIST" in words else ""


def _bullet(text: str) -> str:
    return "* " + text.replace("\n", "\n  ") + "\n" if text else ""
