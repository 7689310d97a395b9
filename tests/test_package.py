"""`pip install .`: the engine with its data and weights, from anywhere; and what names and versions agree on."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from PIL import Image

import engine
from engine.datasets import mnist
from engine.models import weights
from tests.conftest import ROOT
from tests.test_house import MODULES, repository_files, requirements, roots, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NAME = PROJECT["project"]["name"]
WANTED: dict[str, str] = dict(
    re.findall(r"^([\w-]+)>=([\d.]+)$", "\n".join(PROJECT["project"]["dependencies"]), re.MULTILINE)
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package was installed from a copy of the repository; what it needs is taken from this environment."""
    folder = tmp_path_factory.mktemp("package")
    for path in repository_files():
        name = path.relative_to(ROOT)
        if name.parts[0] not in ("tests", ".git"):
            (folder / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / "clone" / name)
    words = ["--quiet", "--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *words, "--target", folder / "site", folder / "clone"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shutil.rmtree(folder / "clone")  # nothing of it may be needed any more
    return folder / "site"


def outside(site: Path, *words: str | Path) -> str:
    """What a command prints in a folder that holds nothing, with the package and no repository in reach."""
    done = subprocess.run(
        words,
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_installed_package_restores_the_example(site: Path) -> None:
    example = site / "engine" / "data" / "gallery" / "astronaut.png"
    ours = engine.restore(example, (50, 76, 28, 28))
    command = site / "bin" / NAME
    outside(site, sys.executable, command, "restore", example, "--box", "50,76,28,28", "-o", "by-command.png")
    program = (
        "import engine\n"
        "from engine.latent import maps\n"
        "from engine.models import weights\n"
        f"restored = engine.restore({str(example)!r}, (50, 76, 28, 28))\n"
        "restored.save('by-import.png')\n"
        "assert maps.load_map('umap').points.shape == (10000, 2)\n"
        "print(engine.__file__, engine.__version__, ' '.join(weights.names()), sep='\\n')\n"
    )
    where, version, names = outside(site, sys.executable, "-c", program).splitlines()
    assert Path(where) == site / "engine" / "__init__.py" and version == engine.__version__
    assert names.split() == weights.names()
    for file in ("by-command.png", "by-import.png"):
        with Image.open(site.parent / file) as made:
            assert made.convert("RGB").tobytes() == ours.picture.tobytes()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_is_in_the_installed_package(site: Path) -> None:
    (information,) = site.glob("*.dist-info")
    assert {path.name for path in site.iterdir()} - {"__pycache__"} == {"engine", "bin", information.name}
    metadata: Message = Parser().parsestr((information / "METADATA").read_text("utf-8"))
    assert metadata["Version"] == engine.__version__
    assert metadata.get_all("License-File") == ["LICENSE", "weights/LICENSE.md"]
    for file in ("LICENSE", "weights/LICENSE.md"):
        assert (information / "licenses" / file).read_bytes() == (ROOT / file).read_bytes()
    inside = {"engine": "engine", "weights": "engine/weights", "pages/static": "engine/pages/static"}
    for folder, installed in inside.items():
        held = [path for path in repository_files() if (ROOT / folder) in path.parents]
        lost = [path for path in held if not (site / installed / path.relative_to(ROOT / folder)).is_file()]
        assert held and not lost


def test_the_package_has_every_room_of_the_engine() -> None:
    rooms = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "engine").rglob("__init__.py")}
    assert {*PROJECT["tool"]["setuptools"]["packages"]} == {*rooms, "engine.weights", "engine.pages.static"}


def test_the_package_asks_for_what_the_engine_imports_and_no_more() -> None:
    used = {name for path in sources("engine") for name in roots(path)} - {
        "engine",
        "h5py",
        "fsspec",
    }  # brought by `train`; by `ray[data]`
    foreign = used - set(sys.stdlib_module_names)
    assert {MODULES.get(name, name) for name in WANTED} == foreign
    assert [one.partition(">")[0] for one in PROJECT["project"]["optional-dependencies"]["train"]] == ["h5py"]
    assert [one.partition(">")[0] for one in PROJECT["project"]["optional-dependencies"]["ray"]] == ["ray[data]"]


def test_the_package_takes_the_versions_that_are_tested() -> None:
    pinned = requirements("requirements.txt")
    for name, version in WANTED.items():
        tested = pinned[name].partition("==")[2].strip().split(".")
        least = version.split(".")
        assert tested[: len(least)] == least, f"{name}: at least {version}, tested with {pinned[name]}"


def test_the_container_has_a_python_that_the_package_takes() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (minor,) = re.findall(r"FROM python:3\.(\d+)-slim", text)
    ((least, below),) = re.findall(r"^>=3\.(\d+),<3\.(\d+)$", PROJECT["project"]["requires-python"])
    assert int(least) <= int(minor) < int(below)
    assert "requirements.txt" in text


def test_one_version_everywhere() -> None:
    assert f"\nversion: {engine.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    changes = re.findall(r"^## (\S+) \((\S+)\)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert changes[0][0] == engine.__version__
    assert f"\ndate-released: {changes[0][1]}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_data_that_ships_is_found() -> None:
    assert mnist.TEST_HALF.is_file() and weights.FOLDER == ROOT / "weights"
