"""Language models as data sheets: shape, precision on disk, sources."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.catalogue.device import Device, Positive


class LanguageModel(Device):
    """A decoder-only transformer, dense or mixture of experts."""

    kind: Literal["model"] = "model"
    n_layers: int = Field(ge=1)
    hidden: int = Field(ge=1, description="width of the residual stream")
    n_heads: int = Field(ge=1, description="query heads")
    n_kv_heads: int = Field(ge=1, description="key and value heads")
    head_dim: int = Field(ge=1)
    ffn: int = Field(ge=1, description="inner width of the dense (or shared) feed-forward block")
    vocab: int = Field(ge=1)
    tied_embeddings: bool = False
    qk_norm: bool = Field(False, description="whether queries and keys are normalised before attention")
    n_experts: int = Field(0, ge=0, description="routed experts per layer; 0 for dense")
    n_active_experts: int = Field(0, ge=0, description="experts a token visits")
    expert_ffn: int = Field(0, ge=0, description="inner width of one expert")
    params_total: Positive | None = Field(None, description="published parameter count")
    params_active: Positive | None = Field(None, description="published parameters per token")
    max_context_tokens: int = Field(ge=1)
