"""The rules of the house: who may know whom, how long and how named a file may be, what may lie in here."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

MB = 1_000_000
ROOMS = ("deploy", "engine", "pages", "tests")

# The rooms of the engine, ground floor first: each may import only itself and those before it.
FLOORS = (
    *("problem", "files", "tables", "picture_formats", "images", "metrics"),
    *("networks", "corruptions", "datasets", "models", "photos", "latent", "restoration", "training", "evaluation"),
    *("arguments", "typed_command", "__main__"),
)
# What only trainers may know: whatever the app shows must not need the code that made it.
TRAINERS = {f"engine.training.{name}" for name in ("loop", "adversarial", "supervised", "batches", "live_worker")}
TRAINS = {"backward", "fit", "train", "write", "write_curves", "measure_curve"}  # names of what trains, in any of them

# Package name -> module name, where they differ.
MODULES = {
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "opencv-python-headless": "cv2",
    "streamlit-drawable-canvas": "streamlit_drawable_canvas",
}


def sources(*rooms: str) -> list[Path]:
    """All Python files of the rooms, app.py among them where no room is named."""
    files = [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return files if rooms else [*ROOT.glob("*.py"), *files]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Full names of what a file imports anywhere in it: `from a import b` gives both `a` and `a.b`."""
    package = path.relative_to(ROOT).parent.parts
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join([*above, *([node.module] if node.module else [])])
            names |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return names


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def engine_arrows() -> dict[str, set[str]]:
    """Engine module -> the engine modules that it imports, by full name."""
    modules = {module_name(path): path for path in sources("engine")}
    return {name: (imports(path) & modules.keys()) - {name, "engine"} for name, path in modules.items()}


def chamber(name: str) -> str:
    """The engine's room behind a full name: `engine.networks.face_autoencoder` is in `networks`."""
    return f"{name}..".split(".")[1]


def repository_files() -> list[Path]:
    """Every file that is or would be committed. Skips the test outside a git checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def requirements(name: str) -> dict[str, str]:
    """Package -> what the file says after its name."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    wanted = (re.fullmatch(r"([\w.-]+)(?:\[\w+\])?(.*)", line) for line in lines if line[:1].isalnum())
    return {match[1].lower(): match[2] for match in wanted if match}


def test_the_engine_knows_no_screen() -> None:
    forbidden = {"streamlit", "streamlit_drawable_canvas", "pages", "app", "tests"}
    guilty = {module_name(path): roots(path) & forbidden for path in sources("engine")}
    assert not {name: found for name, found in guilty.items() if found}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_room_knows_only_itself_and_those_below(floor: str) -> None:
    allowed = {*FLOORS[: FLOORS.index(floor) + 1]}
    found = {name: known for name, known in engine_arrows().items() if chamber(name) == floor}
    assert found, "no such room"
    for name, known in found.items():
        assert {chamber(other) for other in known} <= allowed, f"{name}: {sorted(known)}"


def test_the_engine_has_no_other_rooms() -> None:
    assert {chamber(name) for name in engine_arrows()} <= {*FLOORS, ""}


@pytest.mark.parametrize("leaf", ["files", "picture_formats", "images", "metrics", "networks"])
def test_the_ground_floor_and_the_networks_know_only_problems(leaf: str) -> None:
    for name, known in engine_arrows().items():
        if chamber(name) == leaf:
            allowed = {"problem", "picture_formats", leaf}
            assert {chamber(other) for other in known} <= allowed, f"{name}: {sorted(known)}"


def test_pages_train_only_through_the_worker() -> None:
    """Pages may watch what `engine.training.live` starts in a process of its own, and train nothing themselves."""
    guilty = [module_name(path) for path in sources("pages") if (TRAINERS | {"torch.optim"}) & imports(path)]
    for path in sources("pages"):
        trainers = {name.rsplit(".", 1)[-1] for name in imports(path) if name.startswith("engine.training.")}
        guilty += [
            f"{module_name(path)}:{node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and (node.attr == "backward" or node.attr in TRAINS and ast.unparse(node.value) in trainers)
        ]
    assert not guilty
    assert [path.stem for path in sources("pages") if "engine.training.live" in imports(path)] == ["page", "train"]


def test_engine_arrows_run_one_way() -> None:
    arrows = engine_arrows()
    # Take away whatever imports nothing that is left; what stays behind stands in a circle.
    while free := [name for name, known in arrows.items() if not known & arrows.keys()]:
        for name in free:
            del arrows[name]
    assert not arrows, "these import each other in a circle, or something that does"


def test_pages_show_no_primary_button() -> None:
    """Streamlit writes white on it, which the dark theme's bright accent makes unreadable."""
    guilty = [
        module_name(path)
        for path in sources("pages")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword)
        and node.arg == "type"
        and isinstance(node.value, ast.Constant)
        and node.value.value == "primary"
    ]
    assert not guilty


def test_files_are_short() -> None:
    lengths = {module_name(path): path.read_text(encoding="utf-8").count("\n") for path in sources()}
    shown = [path for kind in ("js", "css") for path in (ROOT / "pages").rglob(f"*.{kind}")]
    lengths |= {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in shown}
    assert not {name: lines for name, lines in lengths.items() if lines > 350}


def test_names_say_something() -> None:
    nothing = re.compile(r"(utils?|helpers?|misc|common|shared|stuff)", re.IGNORECASE)
    assert not [module_name(path) for path in sources() if nothing.fullmatch(path.stem)]


def test_nothing_is_unpickled() -> None:
    """Weights are safetensors: a pickle runs whatever code was put into it."""
    guilty = []
    for path in sources():
        if roots(path) & {"pickle", "dill", "joblib", "shelve", "marshal"} or "torch.load" in imports(path):
            guilty.append(module_name(path))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "torch.load":
                guilty.append(f"{module_name(path)}:{node.lineno}")
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                value = node.value
                if not (isinstance(value, ast.Constant) and value.value is False):
                    guilty.append(f"{module_name(path)}:{value.lineno}")
    assert not guilty


def test_no_file_is_large() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in repository_files()}
    assert not {name: size for name, size in sizes.items() if size > 20 * MB}


def test_weights_fit_a_quick_clone() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "weights").rglob("*") if path.is_file()) <= 56 * MB


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned(name: str) -> None:
    loose = {package: rest for package, rest in requirements(name).items() if not re.match(r"\s*==\d", rest)}
    assert not loose


def test_every_requirement_is_used() -> None:
    used = {name for path in sources("engine", "pages") + [*ROOT.glob("*.py")] for name in roots(path)}
    wanted = {name: MODULES.get(name, name) for name in requirements("requirements.txt")}
    idle = [name for name, module in wanted.items() if module not in used]
    assert not idle, "requirements.txt names what no line of the app or the engine imports"
