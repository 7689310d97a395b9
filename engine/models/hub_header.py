"""What model hubs read of a card: the YAML before its text.

The fields are those of the Hugging Face hub (huggingface.co/docs/hub/model-cards), the figures its `model-index`.
"""

import json
from typing import Any

COUNTS = ("digits", "faces")  # figures that say how many were measured
METRICS = ("mse", "psnr", "ssim", "accuracy")  # that the hub knows, looked for in a figure's name


def metric(figure: str) -> str:
    """The hub's name of what a figure measures, else the figure's own."""
    return next((name for name in METRICS if name in figure.split("_")), figure)


def header(config: dict[str, Any]) -> str:
    """The YAML between two lines of dashes, from a model's config.json."""
    recipe, faces = config["recipe"], config["recipe"]["data"] == "faces"
    figures = {name: value for name, value in config["figures"].items() if name not in COUNTS}
    known = sorted({metric(name) for name in figures} & {*METRICS})
    dataset = {"name": "FFHQ, test faces", "type": "ffhq"} if faces else {"name": "MNIST, test half", "type": "mnist"}
    begun = recipe.get("start") or config["name"]  # a model that was trained further is not its own base
    start = {"base_model": begun} if begun != config["name"] else {}
    fields = {
        "license": config["licence"].lower(),
        "library_name": "pytorch",
        "pipeline_tag": "image-to-image",
        "tags": ["autoencoder", "faces" if faces else "mnist"],
        "datasets": ["ffhq" if faces else "mnist"],
        "metrics": known,
        **start,
    }
    lines = [
        "---",
        *(f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in fields.items()),
    ]
    lines += [
        "model-index:",
        f"- name: {config['name']}",
        "  results:",
        '  - task: {"type": "image-to-image"}',
        f"    dataset: {json.dumps({**dataset, 'split': 'test'})}",
        "    metrics:",
        *(
            "    - "
            + json.dumps({"type": metric(name), "name": name.replace("_", " "), "value": float(f"{value:.5g}")})
            for name, value in figures.items()
        ),
        "---",
    ]
    return "\n".join(lines)


def loading(config: dict[str, Any]) -> str:
    """Ten lines that load the weights with safetensors and torch alone; the network's own file is plain torch, too."""
    return f"""import json
from pathlib import Path
import safetensors.torch
from engine import networks

folder = Path("weights/{config["name"]}")
said = json.loads((folder / "config.json").read_text())
tensors = safetensors.torch.load_file(folder / "model.safetensors")
network = networks.build(said["architecture"], said["options"]).eval()
network.load_state_dict({{name: one.float() if one.is_floating_point() else one for name, one in tensors.items()}})"""
