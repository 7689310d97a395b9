"""The words of the command line: which commands there are, what they take, and what they say of themselves."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.corruptions import masks
from engine.datasets import faces
from engine.models.recipes import RECIPES
from engine.restoration import methods
from engine.restoration.address import place

MNIST = Path("data/mnist")  # where `data digits` puts it


def box(text: str) -> masks.Box:
    """Parse X,Y,W,H, or the name of a feature of the face."""
    if text in masks.FEATURES:
        return masks.FEATURES[text]
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "a box is four whole numbers: left,top,width,height, as in 50,60,28,28, or one of "
            + ", ".join(masks.FEATURES)
        ) from None
    return x, y, width, height


def shard(text: str) -> tuple[int, int]:
    """Parse I/N."""
    try:
        share, shares = (int(part) for part in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError("a share is its number and how many there are, as 3/100") from None
    return share, shares


def parser(run: Mapping[str, Callable[[argparse.Namespace], None]]) -> argparse.ArgumentParser:
    """All commands, each run by the function of its name, and what they teach about themselves."""
    top = argparse.ArgumentParser(
        prog="python -m engine",
        description="Autoencoders by hand: train, measure and use the networks of the app.",
        epilog="Example: python -m engine restore face.png --box 50,60,28,28 -o restored.png",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, text: str, epilog: str = "") -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, epilog=epilog)
        added.set_defaults(run=run[name])
        return added

    def faces_from(added: argparse.ArgumentParser, what: str) -> None:
        added.add_argument(
            "--data", type=Path, nargs="+", metavar="PATH", help=f"{what}: folders or tars of pictures, or MNIST"
        )
        added.add_argument("--match", default="", metavar="TEXT", help="only faces whose names contain this")

    add = command(
        "train",
        "Train a model by its recipe and write its weights, card and history.",
        "An epoch is the unit of safety: killed, the run goes on with --resume from the last one. "
        "Several GPUs: torchrun --nproc-per-node 4 -m engine train RECIPE ... equals one at the same --batch; on CPUs "
        "each process normalises its own pictures, where a recipe has batch normalisation: its loss lies within 2 % "
        "after four epochs.",
    )
    add.add_argument("recipe", help=", ".join(RECIPES))
    faces_from(add, "training pictures")
    add.add_argument("--test", type=Path, nargs="+", metavar="PATH", help="faces for the card's figures")
    add.add_argument("--test-match", default="", metavar="TEXT", help="only test faces whose names contain this")
    add.add_argument("--out", type=Path, help="folder for the result (runs/RECIPE)")
    add.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    add.add_argument(
        "--stream",
        action="store_true",
        help="read faces batch by batch instead of keeping them in memory; from a folder of tars (webdataset's layout) "
        "tar by tar, shuffled, each process its own",
    )
    add.add_argument("--device", help="cpu, cuda (cuda where there is one)")
    add.add_argument("--bf16", action=argparse.BooleanOptionalAction, help="bfloat16 autocast (on for CUDA)")
    for name, kind in (("epochs", int), ("batch", int), ("seed", int), ("learning-rate", float)):
        add.add_argument(f"--{name}", type=kind, help="instead of the recipe's")
    add.add_argument("--perceptual", type=float, metavar="WEIGHT", help="of the VGG features; 0 trains without them")
    add.add_argument("--start", metavar="MODEL", help="begin with the weights of a shipped model or a folder")
    add.add_argument("--quiet", action="store_true", help="no progress bar")

    add = command(
        "train-grid",
        "Train what the lessons show. `train-grid article`: the article's seven runs with its settings on our faces, "
        "its figures beside ours, the curves, and the same face after every epoch. `train-grid initialisation`: a "
        "classifier of digits from a random start and from an autoencoder. `train-grid digits`: code sizes and noises.",
        "Killed, the same command goes on with the runs that are missing. Example, twenty minutes on one CPU "
        "core: train-grid article --data FACES --test TEST --size 64 --faces 2560",
    )
    add.add_argument("what", choices=("article", "initialisation", "digits"))
    faces_from(add, "training faces")
    add.add_argument("--test", type=Path, nargs="+", metavar="PATH", help="faces for the figures")
    add.add_argument("--test-match", default="", metavar="TEXT", help="only test faces whose names contain this")
    add.add_argument("--size", type=int, default=faces.SIZE, help="side of the faces; the box shrinks in proportion")
    add.add_argument("--faces", type=int, help="train on so many of the faces only")
    add.add_argument("--epochs-scale", type=float, default=1.0, metavar="SHARE", help="of the article's epochs")
    add.add_argument("--out", type=Path, default=Path("runs/grid-article"), help="where finished runs are kept")
    add.add_argument("--device", help="cpu, cuda (cuda where there is one)")
    add.add_argument("--quiet", action="store_true", help="no progress bar")

    add = command(
        "evaluate",
        "Measure a model on its test data: for faces hole-only MSE, PSNR and SSIM first, whole-image MSE beside them.",
        "The hole is one black box a face at a place drawn from --seed. A 28x28 hole is 4.785 % of a 128x128 face, so "
        "the PSNR of a whole composite is the hole's plus 13.2 dB: never compare the two.",
    )
    add.add_argument("model", help="a shipped model or the folder of one")
    faces_from(add, "test pictures")
    add.add_argument("--seed", type=int, default=0, help="of the holes and the noise")
    add.add_argument("--box-size", type=int, default=masks.ARTICLE_SIDE, help="side of the hole in pixels")
    add.add_argument("--json", action="store_true", help="print one JSON object")
    add.add_argument("--write", action="store_true", help="write the figures into the model's config.json and card")

    add = command(
        "restore",
        "Hide a part of every face in a photo, or in a folder of photos, and write the photos with what a model puts "
        "back: at their own size, all other pixels and their transparency as they were. Where that cannot be (a JPEG "
        "or HEIC of more than 32 megapixels is read at half its size, a JPEG is compressed anew), stderr says so.",
        "A picture of 128x128 pixels is taken as it is, in FFHQ framing. No file is replaced that was there before, "
        "except earlier results, with --overwrite; without it those of the same picture and settings are left. The "
        "exit status is 2 where a picture could not be restored. Examples: restore me.jpg --hide mouth -o "
        "out.png; restore album --hide 'both eyes' --box 50,80,28,28 -o restored",
    )
    add.add_argument("source", type=place, metavar="IN", help="a photo (JPEG, PNG, WebP, HEIC), or a folder of them")
    add.add_argument("--model", default=methods.DEFAULT, help=f"method: {', '.join(methods.METHODS)}")
    hole = add.add_mutually_exclusive_group(required=True)
    hole.add_argument(
        "--box",
        "--hide",
        dest="box",
        type=box,
        action="append",
        metavar="X,Y,W,H or NAME",
        help="in pixels of the framed 128x128 face, or " + ", ".join(masks.FEATURES) + " (left as seen); give it "
        "again for another; from beyond the left edge: --box=-5,60,28,28",
    )
    hole.add_argument("--mask", type=Path, metavar="FILE", help="a 128x128 picture instead: white is hidden")
    add.add_argument(
        "-o", "--out", type=place, required=True, help="picture (.png and .webp are exact, .jpg) or folder to write"
    )
    add.add_argument(
        "--format", choices=("png", "webp", "jpeg", "same"), default="png", help="of a folder's results (png)"
    )
    add.add_argument(
        "--seam", choices=("smooth", "hard"), help="at the edge of the hole (smooth; hard for 128x128 pixels)"
    )
    add.add_argument("--overwrite", action="store_true", help="make earlier results again")
    add.add_argument(
        "--workers", type=int, default=1, metavar="N", help="of a folder: processes that share the work (1)"
    )
    add.add_argument(
        "--shard",
        type=shard,
        default=(1, 1),
        metavar="I/N",
        help="of a folder: only the I-th of N shares of the pictures; each may run on a machine of its own",
    )
    add.add_argument(
        "--ray",
        action="store_true",
        help="of a folder: the workers are actors of Ray (`pip install .[ray]`), on the cluster that RAY_ADDRESS names "
        "or on this machine; all machines of a cluster see both folders under the same path, or by an address that "
        "fsspec knows, as s3://bucket/album",
    )
    add.add_argument(
        "--answers", type=int, metavar="K", help="draw K answers of the painter and write name-1 to name-K"
    )
    add.add_argument("--seed", type=int, default=0, help="of the drawn answers")
    add.add_argument("--bold", type=float, metavar="T", help="how far they go from the likeliest one, 0 to 1.5 (0.7)")
    add.add_argument(
        "--no-note", action="store_true", help="do not say in the file's metadata which part was painted by what"
    )
    add.add_argument("--json", action="store_true", help="print one JSON object a picture")

    add = command(
        "benchmark",
        "Measure every shipped model, side by side in one run, and print one table; `benchmark digits`: every noise, "
        "method and map of the digits, written to weights/benchmark-digits.json as well; `benchmark faces`: "
        "every way to fill a hole in the test faces, or without --data in the portraits that ship, written to "
        "weights/benchmark-faces.json or benchmark-portraits.json as well; `benchmark "
        "photo`: a 12-megapixel photo from its bytes to the first reconstruction and back, stage by stage, how "
        "sharp a filled hole is beside the photo around it, and with --data how well faces are framed; "
        "`benchmark gallery`: how far its painted faces lie from training faces; "
        "`benchmark serving`: starts the app and draws on it with many hands, and with --against on that of another "
        "commit by turns; "
        "`benchmark typical`: how well what is no face is told from the test faces.",
    )
    add.add_argument(
        "what",
        nargs="?",
        choices=("models", "digits", "faces", "photo", "training", "gallery", "serving", "typical"),
        default="models",
    )
    faces_from(add, "test faces, for `benchmark gallery` training faces")
    add.add_argument(
        "--test", type=Path, nargs="+", metavar="PATH", help="`benchmark gallery`: test faces to compare with"
    )
    add.add_argument("--test-match", default="", metavar="TEXT", help="only test faces whose names contain this")
    add.add_argument("--seed", type=int, default=0)
    add.add_argument(
        "--photos", type=Path, nargs="+", default=(), metavar="FILE", help="`benchmark photo`: more photos with a face"
    )
    add.add_argument(
        "--methods", nargs="+", default=(), metavar="METHOD", help="`benchmark faces`: measure only these anew"
    )
    add.add_argument(
        "--holes", nargs="+", default=(), metavar="HOLE", help="`benchmark faces`: measure only these anew, 'both eyes'"
    )
    for name, kind, default, text in (
        ("visitors", int, 1, "who draw a stroke a second each"),
        ("seconds", float, 20.0, "for how long they draw"),
        ("rounds", int, 3, "runs of each app, whose medians count"),
    ):
        add.add_argument(f"--{name}", type=kind, default=default, help=f"`benchmark serving`: {text} ({default:g})")
    add.add_argument("--replicas", type=int, default=1, help="`benchmark serving`: so many, as `make serve` has (1)")
    add.add_argument("--opens", type=int, default=0, help="`benchmark serving`: open so many pages in 60 s instead")
    add.add_argument(
        "--uploads", type=int, default=0, help="`benchmark serving`: send so many photos instead, and see what is kept"
    )
    add.add_argument(
        "--largest", action="store_true", help="`benchmark serving`: how many visitors are answered within 0.3 s"
    )
    add.add_argument("--against", default="", metavar="COMMIT", help="`benchmark serving`: measure that one as well")
    add.add_argument("--memory", action="store_true", help="`benchmark serving`: see what is left 80 s after they left")
    add.add_argument(
        "--readme", type=Path, nargs="+", default=(), metavar="FILE", help="write the tables between their marks there"
    )

    add = command(
        "data",
        "Fetch MNIST, check a folder of faces, write the files of the app's maps (with --data the codes of those test "
        "faces too), UMAP's points (needs umap-learn), the codes of the known faces, what typical faces are like, the "
        "directions of the eight dials (of labelled training faces), the reader of digits, or the gallery's generated "
        "faces.",
    )
    add.add_argument(
        "what", choices=("digits", "faces", "maps", "umap", "known", "typical", "dials", "reader", "gallery")
    )
    add.add_argument("--labels", type=Path, metavar="FILE", help="`data dials`: JSON with names of faces by label")
    faces_from(add, "faces")
    add.add_argument("--to", type=Path, default=MNIST, help=f"where MNIST goes ({MNIST})")
    return top
