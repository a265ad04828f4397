"""Small workspaces and notebooks with the project's parameters cell, for the tests of the report room."""

from __future__ import annotations

from pathlib import Path

import nbformat

PARAMETERS = (
    'workspace = "data/demo"\nas_of = "2026-10-31"\nscope = ""\nlanguage = "en"\nprevious = ""\noutputs = ""'
)
HAND_OVER = """
from IPython.display import publish_display_data
publish_display_data({
    "text/html": "<div>handed over</div>",
    "application/vnd.salesnb.figures+json": {
        "page": "10_target_breakdown", "language": language, "currency": "CNY", "leads": ["We are ahead."],
        "figures": {"bookings.month": {"value": 12.5, "unit": "money", "label": "Bookings, month"}},
        "history": {}, "decisions": [], "changes": [], "card": None,
        "calls": [{"id": "f1", "kind": "forecast", "subject": "bookings", "probability": 0.5, "amount": 1.0,
                   "low": 0.5, "high": 2.0, "due": "2026-12-31", "text": ""}],
    },
})
"""


def write_workspace(folder: Path) -> Path:
    """Three orders of two customers in two regions, October 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text("company: Small & Sons\ncurrency: CNY\n")
    (folder / "accounts.csv").write_text("account_id,account_name,region\nC1,One,East\nC2,Two,West\n")
    (folder / "orders.csv").write_text(
        "order_id,account_id,ordered_on,net_amount\n"
        "1,C1,2026-09-03,10\n2,C2,2026-10-05,7.5\n3,C1,2026-10-20,5\n"
    )
    return folder


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook: title, parameters, then a cell for each text; one that begins with # is markdown."""
    node = nbformat.v4.new_notebook()
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node.metadata["language_info"] = {"name": "python"}
    first = nbformat.v4.new_code_cell(parameters)
    first.metadata["tags"] = ["parameters"]
    node.cells = [nbformat.v4.new_markdown_cell("# A title\n\nFor whom."), first]
    for text in cells:
        new = nbformat.v4.new_markdown_cell if text.startswith("#") else nbformat.v4.new_code_cell
        node.cells.append(new(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)
    return path
