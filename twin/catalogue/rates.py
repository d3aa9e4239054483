"""Failure rates of the electrical path: a table by role, changed where one knows better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from twin.catalogue.device import Provenance, Sheet
from twin.catalogue.electrical import PowerRole
from twin.catalogue.reliability import Reliability
from twin.errors import CatalogueError, DocumentError
from twin.files import asset_dir, check_format, read_yaml, validated

FORMAT = "twin-reliability"
ROLES = (*get_args(PowerRole), "battery")
FIELDS = ("failures_per_year", "repair_h", "start_failure_frac", "run_failures_per_h", "common_cause_frac")


class RoleRates(Reliability):
    """Rates of one role with where they come from."""

    provenance: dict[str, Provenance] = Field(
        default_factory=dict, description="field -> where its number comes from; `*` is for all others"
    )


class RateTable(Sheet):
    """Rates by role, and of single elements of one layout."""

    format: Literal["twin-reliability"] = "twin-reliability"
    version: Literal[1] = 1
    roles: dict[str, RoleRates] = Field(default_factory=dict, description="role of an element, or battery -> its rates")
    elements: dict[str, Reliability] = Field(default_factory=dict, description="id in the layout -> its rates")


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one element with nothing left open."""

    failures_per_year: float
    repair_h: float
    start_failure_frac: float
    run_failures_per_h: float
    common_cause_frac: float


@dataclass(frozen=True, slots=True)
class RateBook:
    """Tables from the most general to the most particular."""

    tables: tuple[RateTable, ...]

    def of(self, name: str, role: str, sheet: Reliability | None) -> Rates:
        """Rates of an element: the shipped table, then tables of one's own, then its sheet, then its own id.

        CatalogueError where no table says how often its role fails, or how long mending takes.
        """
        parts: list[Reliability | None] = [table.roles.get(role) for table in self.tables]
        parts += [sheet, *(table.elements.get(name) for table in self.tables)]
        found = dict.fromkeys(FIELDS, 0.0)
        known = set()
        for part in filter(None, parts):
            for field in FIELDS:
                if (value := getattr(part, field)) is not None:
                    found[field] = float(value)
                    known.add(field)
        needed = ("start_failure_frac",) if role == "battery" else ("failures_per_year", "repair_h")
        if missing := [field for field in needed if field not in known]:
            raise CatalogueError(
                f"no table gives {' and '.join(missing)} of role {role}", name, "add it to a table of your own"
            )
        return Rates(**found)

    def strangers(self, names: set[str]) -> list[str]:
        """Elements the tables name that are not among these."""
        return [name for table in self.tables for name in table.elements if name not in names]


def read_rates(path: Path) -> RateTable:
    """A table; each number of a role must have a source, roles must be known."""
    tree = read_yaml(path)
    check_format(tree, str(path), FORMAT, 1)
    table = validated(RateTable, tree, str(path))
    for role, rates in table.roles.items():
        if role not in ROLES:
            raise DocumentError(f"no role {role!r}", f"{path} roles", f"one of {', '.join(ROLES)}")
        open_fields = [
            f for f in FIELDS if getattr(rates, f) is not None and not {f, "*"}.intersection(rates.provenance)
        ]
        if open_fields:
            raise DocumentError(
                f"no source for {', '.join(open_fields)}",
                f"{path} roles.{role}.provenance",
                "add one, or estimate: true",
            )
    return table


@cache
def shipped_rates() -> RateTable:
    """The table that comes with the program, assets/reliability/rates.yaml."""
    return read_rates(asset_dir() / "reliability" / "rates.yaml")


def rate_book(own: Path | None = None) -> RateBook:
    """The shipped table, and one of the user's own over it."""
    return RateBook((shipped_rates(),) if own is None else (shipped_rates(), read_rates(own)))
