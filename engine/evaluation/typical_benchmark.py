"""How well `latent/typicality` tells faces from what is none: `python -m engine benchmark typical`.

The faces are the 438 test faces, whose codes ship; what is no face is drawn or made from what ships (`no_faces`), and
test faces on their head where they are given with --data, else the portraits. AUC: how often a picture of that kind is
less typical than a face.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from engine import tables
from engine.datasets.faces import FaceFiles
from engine.evaluation import no_faces
from engine.evaluation.face_benchmark import portraits
from engine.latent import typicality
from engine.models import model_card
from engine.photos import gallery

COUNT = 60  # pictures of each kind
UPSIDE_DOWN = "faces on their head"


def area_under_curve(strange: Tensor, usual: Tensor) -> float:
    """How often one of `strange` (N,) lies above one of `usual` (M,), a tie counting half: the area under the ROC."""
    above = (strange.unsqueeze(1) > usual).double() + 0.5 * (strange.unsqueeze(1) == usual).double()
    return above.mean().item()


def measure(faces: FaceFiles | None = None, seed: int = 0) -> dict[str, Tensor]:
    """The scores of every kind that is no face, by its name."""
    turned = faces or portraits()
    kinds = {kind: typicality.scores_of(no_faces.make(kind, COUNT, seed)) for kind in no_faces.KINDS}
    kinds[UPSIDE_DOWN] = _scores(turned, upside_down=True)
    return kinds


def _scores(faces: FaceFiles, upside_down: bool = False) -> Tensor:
    parts = (faces.batch(part).float() / 255 for part in torch.arange(len(faces)).split(64))
    return torch.cat([typicality.scores_of(part.flip(2) if upside_down else part) for part in parts])


def table(faces: FaceFiles | None = None, seed: int = 0) -> str:
    """A Markdown table: each kind, worst first, then what is wrongly called unusual."""
    return markdown(
        measure(faces, seed),
        {
            "test faces": typicality.usual(),
            "portraits that ship": _scores(portraits()),
            **{
                face.title: typicality.scores_of(face.image)
                for face in gallery.gallery().values()
                if face.name in ("astronaut", "grace-hopper")
            },
        },
        seed,
    )


def markdown(kinds: Mapping[str, Tensor], faces: Mapping[str, Tensor], seed: int) -> str:
    """`kinds`, `faces`: scores of what is no face and of what is one, by name; "test faces" are compared with."""
    limit = typicality.faces().limit

    def unusual(scores: Tensor) -> str:
        return f"{(scores > limit).float().mean().item():.1%}".replace("%", " %")

    areas = {kind: area_under_curve(scores, faces["test faces"]) for kind, scores in kinds.items()}
    rows: list[tuple[str, int | str, str, str]] = [
        (kind, len(kinds[kind]), f"{areas[kind]:.3f}", unusual(kinds[kind]))
        for kind in sorted(areas, key=areas.__getitem__)
    ]
    rows.append(("**mean of the kinds**", "", f"**{sum(areas.values()) / len(areas):.3f}**", ""))
    rows += [(name, len(scores), "", unusual(scores)) for name, scores in faces.items()]
    columns = ("pictures", "how many", "AUC against the test faces", "called unusual")
    return f"{tables.markdown(columns, rows)}\n\nSeed {seed}; {model_card.hardware('cpu')}."
