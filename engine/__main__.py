"""The engine from the command line: python -m engine train | evaluate | restore | benchmark | data."""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine import (
    benchmark,
    card,
    corruptions,
    digits,
    evaluation,
    faces,
    images,
    maps,
    networks,
    restoration,
    training,
    weights,
)
from engine.problem import Problem
from engine.recipes import RECIPES, Recipe, recipe

MNIST = Path("data/mnist")  # where `data digits` puts it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a `Problem` becomes one sentence on stderr and exit code 2."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except Problem as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("engine: stopped.", file=sys.stderr)
        return 130
    return 0


# ---------------------------------------------------------------- train


def train(options: argparse.Namespace) -> None:
    chosen = recipe(options.recipe)
    changes = {name: getattr(options, name) for name in ("epochs", "batch", "seed", "learning_rate")}
    chosen = replace(chosen, **{name: value for name, value in changes.items() if value is not None})
    place = training.Place.here(options.device, options.bf16)
    data, test = training_data(chosen, options, place)
    out = options.out or Path("runs") / chosen.name

    trained = training.train(chosen, data, out, place=place, resume=options.resume, test=test, quiet=options.quiet)
    if place.rank > 0:
        return
    if not trained.history:
        raise Problem("Not one epoch was finished, so there is nothing to keep: run it for longer.")
    unreadable = len(data.unreadable) if isinstance(data, faces.FaceFiles) else 0
    described: dict[str, Any] = {"pictures": len(data), "source": options.match or "all of --data"}
    if unreadable:
        described["unreadable"] = unreadable
        print(f"{unreadable} unreadable pictures were skipped.", file=sys.stderr)
    if not trained.finished:
        described["stopped after epoch"] = len(trained.history)
    command = shlex.join(["python", "-m", "engine", *sys.argv[1:]])
    count = networks.count_parameters(trained.network)
    content = card.config(chosen, count, described, {}, command, trained.seconds, str(place.device))
    ship(out, trained.network, content, trained.history, options)
    if trained.finished:  # a finished run has nothing left to resume
        (out / "checkpoint.safetensors").unlink(missing_ok=True)
    print(f"{out}: {weights.config(out)['figures']}")


def ship(
    out: Path,
    network: nn.Module,
    content: dict[str, Any],
    history: list[dict[str, Any]],
    options: argparse.Namespace,
) -> None:
    """Write the four files of a weights folder; the figures are taken from the half-precision weights just written."""
    content["sha256"] = weights.save(out / "model.safetensors", weights.pack(network.state_dict()))
    weights.save(out / "history.jsonl", "".join(json.dumps(row) + "\n" for row in history).encode())
    weights.save(out / "config.json", json.dumps(content, indent=1).encode())
    evaluate_command = f"python -m engine evaluate {content['name']}"
    if content["recipe"]["data"] == "digits":
        content["figures"] = evaluation.figures(weights.load(out), content["recipe"], digits.test_half())
    elif options.test:
        content["figures"] = evaluation.figures(
            weights.load(out), content["recipe"], face_files(options.test, options.test_match)
        )
        evaluate_command += f" --data {options.test[0].as_posix()} --match '{options.test_match}'"
    content["evaluate"] = evaluate_command
    weights.save(out / "config.json", json.dumps(content, indent=1).encode())
    weights.save(out / "README.md", card.text(content).encode())


def training_data(
    chosen: Recipe, options: argparse.Namespace, place: training.Place
) -> tuple[training.Pictures, Callable[[nn.Module], dict[str, float]] | None]:
    """The data set of a recipe where training wants it, and the test that is asked now and then."""
    if chosen.data == "digits":
        source = (options.data or [MNIST])[0]
        if not source.exists():
            raise Problem(
                f"There is no MNIST in '{source}': fetch it with `python -m engine data digits`, or give --data."
            )
        held = digits.test_half().to(place.device)
        return digits.load(source, "train").to(place.device), tester(chosen, held, place)
    if not options.data:
        raise Problem("Faces come from a folder or tar of pictures in FFHQ framing: give one with --data.")
    files = face_files(options.data, options.match)
    data = files if options.stream else files.in_memory(place.device)
    held = face_files(options.test, options.test_match).in_memory(place.device) if options.test else None
    return data, tester(chosen, held, place) if held else None


def tester(chosen: Recipe, held: Any, place: training.Place) -> Callable[[nn.Module], dict[str, float]]:
    """Whole-picture error on the test data, corrupted as in training: cheap enough to be asked during a run."""

    def test(network: nn.Module) -> dict[str, float]:
        generator, summed = torch.Generator(place.device).manual_seed(0), 0.0
        with torch.inference_mode():
            for indices in torch.arange(len(held)).split(146):
                target = held.batch(indices).float() / 255
                given = corruptions.CORRUPTIONS[chosen.corruption](target, generator)
                summed += (network(given) - target).square().mean((1, 2, 3)).sum().item()
        return {"test_mse": summed / len(held)}

    return test


def face_files(sources: Sequence[Path], match: str) -> faces.FaceFiles:
    for source in sources:
        if not source.exists():
            raise Problem(f"There is no '{source}': check the path of the faces.")
    return faces.FaceFiles(sources, match)


# ---------------------------------------------------------------- evaluate, restore, benchmark, data


def evaluate(options: argparse.Namespace) -> None:
    content = weights.config(options.model)
    network = weights.load(options.model)
    if content["recipe"]["data"] == "digits":
        held: Any = digits.load(options.data[0], "test") if options.data else digits.test_half()
    elif options.data:
        held = face_files(options.data, options.match)
    else:
        raise Problem("Faces are evaluated on a folder or tar of your own: give it with --data.")
    found = evaluation.figures(network, content["recipe"], held, seed=options.seed, box_size=options.box_size)
    if isinstance(held, faces.FaceFiles) and held.unreadable:
        found["unreadable"] = len(held.unreadable)
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name.replace('_', ' '):28} {value:.5g}")


def restore(options: argparse.Namespace) -> None:
    hidden = corruptions.box_mask(options.box)
    source: Path = options.source
    if not source.exists():
        raise Problem(f"There is no '{source}': give a picture or a folder of pictures.")
    if source.is_file():
        write_restored(source, options.out, hidden, options.model)
        return
    pictures = sorted(path for path in source.rglob("*") if path.suffix.lower() in faces.SUFFIXES)
    if not pictures:
        raise Problem(f"There are no pictures in '{source}': give a folder of JPEG, PNG or WebP files.")
    skipped = []
    for path in tqdm(pictures, unit="face"):
        try:
            write_restored(path, options.out / path.relative_to(source).with_suffix(".png"), hidden, options.model)
        except Problem as problem:
            skipped.append(path)
            tqdm.write(f"skipped {path.relative_to(source)}: {problem}", file=sys.stderr)
    if skipped:
        print(f"{len(skipped)} of {len(pictures)} pictures were skipped.", file=sys.stderr)


def write_restored(source: Path, out: Path, hidden: Tensor, method: str) -> None:
    face = faces.framed(images.open_image(source))
    kind: Any = {".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}.get(out.suffix.lower(), "png")
    weights.save(out, images.encode(restoration.restore(face, hidden, method).composite, kind))


def run_benchmark(options: argparse.Namespace) -> None:
    held = face_files(options.data, options.match) if options.data else None
    table = benchmark.table(held, seed=options.seed)
    print(table)
    if options.readme:
        benchmark.write_into(options.readme, table)


def data(options: argparse.Namespace) -> None:
    if options.what == "digits":
        for path in digits.download(options.to):
            print(f"{path} (md5 as published)")
        return
    if not options.data:
        raise Problem("Give the folder or tar of faces with --data.")
    files = face_files(options.data, options.match)
    if options.what == "maps":
        for path in maps.write(files):
            print(path)
        return
    for start in tqdm(range(0, len(files), 256), unit="batch", leave=False):
        files.batch(torch.arange(start, min(start + 256, len(files))))
    for name in sorted(files.unreadable):
        print(f"unreadable: {name}")
    print(f"{len(files)} pictures, {len(files.unreadable)} unreadable")


# ---------------------------------------------------------------- the words


def box(text: str) -> corruptions.Box:
    """Parse X,Y,W,H."""
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "a box is four whole numbers: left,top,width,height, as in 50,60,28,28"
        ) from None
    return x, y, width, height


def parser() -> argparse.ArgumentParser:
    """All commands and what they teach about themselves."""
    top = argparse.ArgumentParser(
        prog="python -m engine",
        description="Autoencoders by hand: train, measure and use the networks of the app.",
        epilog="Example: python -m engine restore face.png --box 50,60,28,28 -o restored.png",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str, epilog: str = ""
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, epilog=epilog)
        added.set_defaults(run=run)
        return added

    def faces_from(added: argparse.ArgumentParser, what: str) -> None:
        added.add_argument(
            "--data",
            type=Path,
            nargs="+",
            metavar="PATH",
            help=f"{what}: folders or tars of pictures, or MNIST",
        )
        added.add_argument("--match", default="", metavar="TEXT", help="only faces whose names contain this")

    add = command(
        "train",
        train,
        "Train a model by its recipe and write its weights, card and history.",
        "An epoch is the unit of safety: killed, the run goes on with --resume from the last one. "
        "Several GPUs: torchrun --nproc-per-node 4 -m engine train RECIPE ...",
    )
    add.add_argument("recipe", help=", ".join(RECIPES))
    faces_from(add, "training pictures")
    add.add_argument("--test", type=Path, nargs="+", metavar="PATH", help="faces for the card's figures")
    add.add_argument("--test-match", default="", metavar="TEXT", help="only test faces whose names contain this")
    add.add_argument("--out", type=Path, help="folder for the result (runs/RECIPE)")
    add.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    add.add_argument(
        "--stream", action="store_true", help="read faces batch by batch instead of keeping them in memory"
    )
    add.add_argument("--device", help="cpu, cuda (cuda where there is one)")
    add.add_argument("--bf16", action=argparse.BooleanOptionalAction, help="bfloat16 autocast (on for CUDA)")
    for name, kind in (("epochs", int), ("batch", int), ("seed", int), ("learning-rate", float)):
        add.add_argument(f"--{name}", type=kind, help="instead of the recipe's")
    add.add_argument("--quiet", action="store_true", help="no progress bar")

    add = command(
        "evaluate",
        evaluate,
        "Measure a model on its test data: for faces hole-only MSE, PSNR and SSIM first, whole-image MSE beside them.",
        "The hole is one black box a face at a place drawn from --seed. A 28x28 hole is 4.785 % of a 128x128 face, so "
        "the PSNR of a whole composite is the hole's plus 13.2 dB: never compare the two.",
    )
    add.add_argument("model", help="a shipped model or the folder of one")
    faces_from(add, "test pictures")
    add.add_argument("--seed", type=int, default=0, help="of the holes and the noise")
    add.add_argument("--box-size", type=int, default=corruptions.ARTICLE_SIDE, help="side of the hole in pixels")
    add.add_argument("--json", action="store_true", help="print one JSON object")

    add = command(
        "restore",
        restore,
        "Hide boxes of a face picture, or of a folder of them, and write what a model puts back.",
    )
    add.add_argument("source", type=Path, metavar="IN", help="a picture in FFHQ framing, or a folder of them")
    add.add_argument("--model", default="face-autoencoder", help=f"method: {', '.join(restoration.METHODS)}")
    add.add_argument(
        "--box",
        type=box,
        action="append",
        required=True,
        metavar="X,Y,W,H",
        help="in pixels of the 128x128 face",
    )
    add.add_argument("-o", "--out", type=Path, required=True, help="picture or folder to write")

    add = command(
        "benchmark",
        run_benchmark,
        "Measure every shipped model, side by side in one run, and print one table.",
    )
    faces_from(add, "test faces")
    add.add_argument("--seed", type=int, default=0)
    add.add_argument("--readme", type=Path, help="write the table into this file, between its benchmark marks")

    add = command("data", data, "Fetch MNIST, check a folder of faces, or write the points of the app's maps.")
    add.add_argument("what", choices=("digits", "faces", "maps"))
    faces_from(add, "faces")
    add.add_argument("--to", type=Path, default=MNIST, help=f"where MNIST goes ({MNIST})")
    return top


if __name__ == "__main__":
    sys.exit(main())
