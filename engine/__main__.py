"""The engine from the command line: python -m engine train | train-grid | evaluate | restore | benchmark | data."""

import argparse
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from engine import images, tables
from engine.arguments import MNIST, parser
from engine.corruptions import mask_file, masks
from engine.datasets import faces, mnist, shards
from engine.evaluation import (
    article_training,
    digit_benchmark,
    face_benchmark,
    figures,
    gallery_benchmark,
    model_benchmark,
    photo_benchmark,
    typical_benchmark,
)
from engine.evaluation.serving import command as serving
from engine.latent import dials, digit_reader, maps, typicality
from engine.models import model_card, weights
from engine.models.recipes import Recipe, recipe
from engine.problem import Problem
from engine.restoration import face_generator, file_restoration, folder_restoration, methods, nearest_face
from engine.restoration.address import Address
from engine.training import article_runs, digit_grid, loader_speed, loop, pretraining, progress, run_folder, speed
from engine.typed_command import evaluate_command, named, typed_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a `Problem` becomes one sentence on stderr and exit code 2."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    options = parser(COMMANDS).parse_args(arguments, argparse.Namespace(typed=arguments))
    try:
        options.run(options)
    except Problem as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("engine: stopped.", file=sys.stderr)
        return 130
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    return 0


# ---------------------------------------------------------------- train


def train(options: argparse.Namespace) -> None:
    chosen = recipe(options.recipe)
    changes = {name: getattr(options, name) for name in CHANGES}
    chosen = replace(chosen, **{name: value for name, value in changes.items() if value is not None})
    place, out = loop.Place.here(options.device, options.bf16), options.out or Path("runs") / chosen.name
    if place.rank > 0:
        return train_into(out, chosen, place, options)
    run_folder.check(out, options.resume)
    with run_folder.held(out):
        train_into(out, chosen, place, options)


def train_into(out: Path, chosen: Recipe, place: loop.Place, options: argparse.Namespace) -> None:
    data, test = training_data(chosen, options, place, out)
    trained = loop.train(chosen, data, out, place=place, resume=options.resume, test=test, quiet=options.quiet)
    if place.rank > 0:
        return
    if not trained.history:
        raise Problem("Not one epoch was finished, so there is nothing to keep: run it for longer.")
    held: Any = mnist.test_half() if chosen.data == "digits" else None
    if options.test:
        held = face_files(options.test, options.test_match).only_readable()
    content = model_card.config(
        replace(chosen, start=named(chosen.start)),
        described(data, trained),
        # what it takes to start afresh
        typed_command(options, "--resume", "--quiet", data="MNIST" if chosen.data == "digits" else "FACES"),
        evaluate_command(chosen, out, options),
        trained.seconds,
        str(place.device),
    )
    weights.write(out, content, trained.network, trained.history)
    if held is not None:  # of the weights as they were just written, in half precision
        content["figures"] = figures.figures(weights.load(out), content["recipe"], held)
        weights.write(out, content)
    if trained.finished:  # a finished run has nothing left to resume
        (out / run_folder.CHECKPOINT).unlink(missing_ok=True)
    print(f"{out}: {content['figures']}")


def described(data: loop.Pictures, trained: loop.Trained) -> dict[str, Any]:
    """What a card says of the pictures that a model was trained on, and of a run that was stopped."""
    sources = "MNIST, training half" if isinstance(data, mnist.Digits) else getattr(data, "sources", "")
    said: dict[str, Any] = {"pictures": len(data), "sources": sources}
    if isinstance(data, faces.FaceFiles | faces.FaceTensor) and data.unreadable:
        said |= {"pictures": len(data) - len(data.unreadable), "unreadable": len(data.unreadable)}
        print(f"{said['unreadable']} unreadable pictures were skipped.", file=sys.stderr)
    if not trained.finished:
        said["stopped after epoch"] = len(trained.history)
    return said


def training_data(
    chosen: Recipe, options: argparse.Namespace, place: loop.Place, out: Path
) -> tuple[loop.Pictures, Callable[[nn.Module], dict[str, float]]]:
    """The data set of a recipe where training wants it, and the test that is asked now and then."""
    if chosen.data == "digits":
        held = mnist.test_half().to(place.device)
        return training_digits(options).to(place.device), progress.Progress(chosen, place, held)
    if not options.data:
        raise Problem("Faces come from a folder or tar of pictures in FFHQ framing: give one with --data.")
    files = face_files(options.data, options.match)
    data = shards.streamed(files) if options.stream else files.in_memory(place.device)
    held = face_files(options.test, options.test_match).in_memory(place.device) if options.test else None
    return data, progress.Progress(chosen, place, held, out / progress.SHEET)


def training_digits(options: argparse.Namespace) -> mnist.Digits:
    source = (options.data or [MNIST])[0]
    if not source.exists():
        raise Problem(f"There is no MNIST in '{source}': fetch it with `python -m engine data digits`, or give --data.")
    return mnist.load(source, "train")


def face_files(sources: Sequence[Path], match: str) -> faces.FaceFiles:
    for source in sources:
        if not source.exists():
            raise Problem(f"There is no '{source}': check the path of the faces.")
    return faces.FaceFiles(sources, match)


def train_grid(options: argparse.Namespace) -> None:
    command = typed_command(options, "--quiet", data="FACES" if options.what == "article" else "MNIST")
    if options.what == "initialisation":
        print(pretraining.format_table(pretraining.write_curves(training_digits(options), command)))
        return
    if options.what == "digits":
        print(digit_grid.format_table(digit_grid.write(training_digits(options), command)))
        return
    if not (options.data and options.test):
        raise Problem("Faces come from folders or tars of pictures in FFHQ framing: give them with --data and --test.")
    with run_folder.held(options.out):
        found = article_training.write(
            face_files(options.data, options.match),
            face_files(options.test, options.test_match),
            out=options.out,
            command=command,
            size=options.size,
            most=options.faces,
            epochs_scale=options.epochs_scale,
            place=loop.Place.here(options.device),
            quiet=options.quiet,
        )
    print(article_runs.format_table(found))


# ---------------------------------------------------------------- evaluate, restore, benchmark, data


def evaluate(options: argparse.Namespace) -> None:
    content = weights.config(options.model)
    network = weights.load(options.model)
    if content["recipe"]["data"] == "digits":
        held: Any = mnist.load(options.data[0], "test") if options.data else mnist.test_half()
    elif options.data:
        held = face_files(options.data, options.match).only_readable()
    else:
        held = face_benchmark.portraits()
    found = figures.figures(network, content["recipe"], held, seed=options.seed, box_size=options.box_size)
    if isinstance(held, faces.FaceFiles) and held.unreadable:
        found["unreadable"] = len(held.unreadable)
    if options.write:
        pictures = "MNIST" if content["recipe"]["data"] == "digits" else "TEST_FACES"
        content |= {"figures": found, "evaluate": typed_command(options, "--write", "--json", data=pictures)}
        weights.write(weights.folder(options.model), content)
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name.replace('_', ' '):28} {value:.5g}")


def restore(options: argparse.Namespace) -> None:
    methods.known_method(options.model)
    source, out = options.source, options.out
    for given in (source, out):
        if isinstance(given, Address) and not options.ray:
            raise Problem(f"'{given}' is an address, which only --ray takes: give that as well, or mount the store.")
    if not source.exists():
        raise Problem(f"There is no '{source}': give a picture or a folder of pictures.")
    hidden = mask_file.load(images.read_file(options.mask)).hidden if options.mask else masks.box_mask(options.box)
    seamless = None if options.seam is None else options.seam == "smooth"
    settings = file_restoration.Settings(hidden, options.model, seamless, options.overwrite, not options.no_note)
    settings = replace(settings, seed=options.seed)
    if options.bold is not None:
        if options.answers is None:
            raise Problem("--bold is of drawn answers: give --answers as well.")
        settings = replace(settings, boldness=options.bold)
    wanted = [settings] if options.answers is None else file_restoration.answers_of(settings, options.answers)
    if not source.is_dir():
        if options.workers != 1 or options.shard != (1, 1) or options.ray:
            raise Problem("--workers, --shard and --ray are for a folder of pictures: leave them out for a single one.")
        for one in wanted:
            try:
                outcome = file_restoration.restore_file(source, out, one)
            except Problem as problem:
                if options.json:
                    print(json.dumps(asdict(file_restoration.failed(source.name, problem))))
                raise
            report(outcome, options.json)
        return
    kind = None if options.format == "same" else options.format
    for one in wanted:
        run = folder_restoration.FolderRun(
            source, out, one, kind, workers=options.workers, shard=options.shard, on_ray=options.ray
        )
        restore_pictures(run, options.json)


def restore_pictures(run: folder_restoration.FolderRun, as_json: bool) -> None:
    """Restore a folder's pictures one by one; raises `Problem` at the end where some could not be."""
    if run.passed_over:
        print(run.passed_over, file=sys.stderr)
    counts: Counter[str] = Counter()
    for outcome in tqdm(run.outcomes(), total=len(run), unit="face"):
        counts[outcome.status] += 1
        report(outcome, as_json)
    if before := counts["finished before"]:
        print(f"{before} of {len(run)} pictures were finished before.", file=sys.stderr)
    if failed := counts["failed"]:
        kept = (
            f"{failed} of {len(run)} pictures were skipped"
            if failed < len(run)
            else f"None of the {len(run)} pictures could be used"
        )
        raise Problem(f"{kept}: see above why.")


def report(outcome: file_restoration.Outcome, as_json: bool) -> None:
    """Say on stderr what of a picture is not as it was, or why it failed; with `--json` all of it on stdout."""
    if as_json:
        print(json.dumps(asdict(outcome)), flush=True)
    if outcome.problem:
        tqdm.write(f"skipped {outcome.file}: {outcome.problem}", file=sys.stderr)
    elif outcome.altered:
        tqdm.write(f"{outcome.file}: {'; '.join(outcome.altered)}", file=sys.stderr)


def run_benchmark(options: argparse.Namespace) -> None:
    if options.what == "training":
        print(speed.table(loop.Place.here()), loader_speed.table(options.data or ()), sep="\n\n")
        return
    if options.what == "serving":
        print(serving.said(options))
        return
    held = face_files(options.data, options.match).only_readable() if options.data else None
    if options.what == "gallery":
        if held is None or not options.test:
            raise Problem("The gallery is compared with training and test faces: give them with --data and --test.")
        of_test = face_files(options.test, options.test_match).only_readable()
        made = {"benchmark gallery": gallery_benchmark.write(held, of_test, typed_command(options))}
    elif options.what == "digits":
        made = {"benchmark digits": digit_benchmark.write(seed=options.seed)}
    elif options.what == "faces":
        for method in options.methods:
            methods.known_method(method)
        chosen = ("--methods", *options.methods, "--holes", *options.holes, "--readme", *map(str, options.readme))
        found = face_benchmark.write(
            held,
            typed_command(options, *chosen, data="TEST_FACES"),
            seed=options.seed,
            methods=options.methods,
            kinds=options.holes,
        )
        made = face_benchmark.tables_of(found)
    elif options.what == "photo":
        made = {"benchmark photo": photo_benchmark.table(held, options.seed)}
        made["benchmark photo: seam"] = photo_benchmark.seam_table(options.seed, options.photos)
    elif options.what == "typical":
        made = {"benchmark typical": typical_benchmark.table(held, options.seed)}
    else:
        made = {"benchmark": model_benchmark.table(held, seed=options.seed)}
    print("\n\n".join(made.values()))
    tables.write_into(options.readme, made)


def data(options: argparse.Namespace) -> None:
    if options.what == "digits":
        for path in mnist.download(options.to):
            print(f"{path} (md5 as published)")
        return
    if options.what == "gallery":
        print(", ".join(face_generator.write_gallery()))
        return
    if options.what == "maps":
        for path in maps.write_maps(face_files(options.data, options.match) if options.data else None):
            print(path)
        return
    if options.what == "umap":
        print(maps.write_umap())
        return
    if options.what == "reader":
        print(digit_reader.write(mnist.load(options.data[0] if options.data else options.to, "train")))
        return
    if not options.data:
        raise Problem("Give the folder or tar of faces with --data.")
    files = face_files(options.data, options.match)
    if options.what in ("known", "typical"):
        print({"known": nearest_face, "typical": typicality}[options.what].write(files))
        return
    if options.what == "dials":
        if not options.labels:
            raise Problem("Give the labels of the faces with --labels.")
        print(dials.write(files.only_readable(), options.labels))
        return
    for start in tqdm(range(0, len(files), 256), unit="batch", leave=False):
        files.batch(torch.arange(start, min(start + 256, len(files))))
    for name in sorted(entry.name for entry in files.unreadable):
        print(f"unreadable: {name}")
    print(f"{len(files)} pictures, {len(files.unreadable)} unreadable")


CHANGES = ("epochs", "batch", "seed", "learning_rate", "perceptual", "start")  # of a recipe, from the command line
COMMANDS = {
    "train": train,
    "train-grid": train_grid,
    "evaluate": evaluate,
    "restore": restore,
    "benchmark": run_benchmark,
    "data": data,
}

if __name__ == "__main__":
    sys.exit(main())
