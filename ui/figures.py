"""Figures of an evaluation as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from bot.evaluation import Figures


def figures_table(figures: Mapping[str, Figures]) -> str:
    """Return the figures side by side, one column a run, and the kinds of questions below."""
    rows = [["", *figures]]
    columns = [asdict(f) for f in figures.values()]
    for key in columns[0]:
        if key != "kinds":
            rows.append([key.replace("_", " "), *("-" if c[key] is None else str(c[key]) for c in columns)])
    rows.append(["kind: hit1 / coverage / precision (n)", *[""] * len(columns)])
    for kind in columns[0]["kinds"]:
        rows.append([f"  {kind}", *("{:.2f} / {:.2f} / {:.2f} ({})".format(*c["kinds"][kind]) for c in columns)])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
