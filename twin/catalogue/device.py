"""What every data sheet has: a name, a footprint, a price, and where each number comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.\-]*$", description="unique name in lower case")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

NOT_NUMBERS = frozenset({"format", "version", "id", "kind", "name", "maker", "country", "family", "provenance", "note"})


class Sheet(BaseModel):
    """Base of every document part: frozen, unknown keys refused, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Provenance(Sheet):
    """Where a number comes from: a source and how far to trust it, or the reasoning of an estimate."""

    source: str = Field("", description="title or address the number was read in")
    confidence: Literal["high", "medium", "low"] = Field("medium", description="how far to trust the source")
    estimate: bool = Field(False, description="true when nobody publishes the number and it was reasoned")
    reasoning: str = Field("", description="how an estimate was reached")

    @model_validator(mode="after")
    def _says_something(self) -> Provenance:
        if self.estimate and not self.reasoning:
            raise ValueError("an estimate needs its reasoning")
        if not self.estimate and not self.source:
            raise ValueError("a number needs a source, or estimate: true with its reasoning")
        return self


class Footprint(Sheet):
    """Outer size of a thing that stands on the floor."""

    width_m: Positive = Field(description="along its front, m")
    depth_m: Positive = Field(description="front to rear, m")
    height_m: Positive = Field(description="floor to top, m")


class Device(Sheet):
    """Data sheet of something one can buy."""

    format: Literal["twin-device"] = "twin-device"
    version: Literal[1] = 1
    id: Id
    name: str = Field(description="the maker's name for it")
    maker: str
    country: str = Field("", description="country of the maker, ISO 3166 alpha-2; empty when generic")
    year: int | None = Field(None, description="first year on sale")
    note: str = Field("", description="what a user must know before trusting the sheet")
    price_usd: NotNegative | None = Field(None, description="street price, USD")
    embodied_kgco2e: NotNegative | None = Field(
        None, description="carbon of making it, kg CO2e; for a server without its accelerators, which have their own"
    )
    lifetime_years: Positive | None = Field(None, description="years of use its embodied carbon is spread over")
    provenance: dict[str, Provenance] = Field(
        default_factory=dict, description="field name -> where its number comes from; `*` is for all others"
    )

    def source_of(self, field: str) -> Provenance | None:
        """Where the number of a field comes from; a dotted name falls back to its parent, then to `*`."""
        head = field.split(".", 1)[0]
        return self.provenance.get(field) or self.provenance.get(head) or self.provenance.get("*")

    def unsourced(self) -> list[str]:
        """Fields that carry a value but no source."""
        filled = self.model_dump(exclude_none=True, exclude_defaults=True)
        return [name for name in filled if name not in NOT_NUMBERS and self.source_of(name) is None]

    def stray_sources(self) -> list[str]:
        """Provenance entries that name no field of the sheet: a misspelt source guards nothing."""
        return [
            name for name in self.provenance if name != "*" and name.split(".", 1)[0] not in type(self).model_fields
        ]
