"""Draw the picture of the README again: the responsible authorities of Dorset.

python -m tools.draw_readme
"""

from __future__ import annotations

from pathlib import Path

import cspgraph

__all__ = ["PLACE", "drawn"]

PLACE = Path(__file__).resolve().parents[1] / "docs" / "responsible-authorities.svg"


def drawn() -> str:
    """Return the picture, as SVG."""
    graph = cspgraph.load(on="2024-07-23", areas=["Dorset"])
    return graph.answer("responsible-authorities", area="Dorset").picture().to_svg()


if __name__ == "__main__":
    PLACE.write_text(drawn(), encoding="utf-8")
