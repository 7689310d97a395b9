"""Notebooks without Jupyter."""

import ast
from typing import Any


def run_cell(cell: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does and return the value of its last line, if that is an expression."""
    body = ast.parse(cell).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None  # pyright: ignore
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(last, "cell", "eval"), names) if last else None
