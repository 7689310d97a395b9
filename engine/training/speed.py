"""How many pictures a second training takes in, drafts and all: `python -m engine benchmark training`."""

import time
from dataclasses import replace

import torch

from engine.datasets.faces import SIZE, FaceTensor
from engine.models import model_card
from engine.models.recipes import RECIPES, Recipe
from engine.networks import vgg_features
from engine.problem import Problem
from engine.training.adversarial import Adversarial
from engine.training.batches import Batches
from engine.training.place import Place
from engine.training.supervised import Supervised

NAMES = ("face-painter", "face-autoencoder")
CPU_BATCH, CPU_STEPS = 2, 20
GPU_WARM, GPU_STEPS = 50, 400  # while graphs are recorded, and measured


def pictures_a_second(recipe: Recipe, place: Place, steps: int, warm: int) -> float:
    """Pictures of noise, learnt from in batches of `recipe.batch`, after `warm` steps that are not counted."""
    noise = torch.randint(256, (4 * recipe.batch, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(0))
    batches = Batches(recipe, FaceTensor(noise.to(torch.uint8).to(place.device)), place)
    step = (Adversarial if recipe.loss == "adversarial" else Supervised)(recipe, place, place.records(recipe))
    generator, number, began = batches.generator(0), 0, time.perf_counter()
    while number < warm + steps:
        for batch in batches.epoch(number, generator):
            if number == warm:
                wait(place)
                began = time.perf_counter()
            if number < warm + steps:
                step.learn(batch, number, generator)
                number += 1
    wait(place)
    return steps * recipe.batch / (time.perf_counter() - began)


def wait(place: Place) -> None:
    """Until the device has done what it was given."""
    if place.device.type == "cuda":
        torch.cuda.synchronize(place.device)


def table(place: Place, steps: int | None = None) -> str:
    """One Markdown row a model, with the device's name; small batches and few steps on a CPU."""
    place.prepare()
    gpu = place.device.type == "cuda"
    rows = [
        f"| pictures a second, {model_card.hardware(str(place.device))} | batch | steps | pictures |",
        "|---" * 4 + "|",
    ]
    for name in NAMES:
        recipe, said = RECIPES[name], f"`{name}`"
        if recipe.perceptual:
            try:
                vgg_features.load()
            except Problem:
                recipe, said = replace(recipe, perceptual=0.0), f"{said} without VGG features, which are not installed"
        recipe = recipe if gpu else replace(recipe, batch=CPU_BATCH)
        count = steps or (GPU_STEPS if gpu else CPU_STEPS)
        speed = pictures_a_second(recipe, place, count, GPU_WARM if gpu else 1)
        rows.append(f"| {said} | {recipe.batch} | {count} | {speed:,.1f} |")
    return "\n".join(rows)
