"""How a model is spread over chips: tensor slices, pipeline stages, data-parallel ranks, experts dealt whole."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import ModelRangeError
from twin.physics.llm import ModelShape


@dataclass(frozen=True, slots=True)
class Spread:
    """tensor x pipeline x data chips of one replica.

    tensor: chips that share every layer. pipeline: stages of consecutive layers. data: attention ranks that each hold
    all of a stage's attention and keep step over its experts. is_expert_parallel: whether the experts of a layer are
    dealt whole over the tensor x data chips of a stage (vLLM's --enable-expert-parallel) instead of sliced.
    """

    tensor: int = 1
    pipeline: int = 1
    data: int = 1
    is_expert_parallel: bool = False

    @property
    def n_chips(self) -> int:
        """Chips of a replica."""
        return self.tensor * self.pipeline * self.data

    @property
    def stage_chips(self) -> int:
        """Chips of one stage, over which experts are dealt."""
        return self.tensor * self.data

    @property
    def slots(self) -> int:
        """Parts a batch is dealt into: micro-batches in flight x ranks."""
        return self.pipeline * self.data

    @property
    def is_tensor_only(self) -> bool:
        """Whether the plain iteration law says all of it."""
        return self.slots == 1 and not self.is_expert_parallel

    def stage_layers(self, n_layers: int) -> tuple[int, ...]:
        """Layers of each stage: as even as can be, those left over to the first stages, as the last has the head.

        >>> Spread(pipeline=4).stage_layers(126)
        (32, 32, 31, 31)
        """
        each, left = divmod(n_layers, self.pipeline)
        return tuple(each + (i < left) for i in range(self.pipeline))

    def weight_bytes_on_each(self, shape: ModelShape) -> float:
        """Bytes of weights on the chip that holds most: the longest stage with one vocabulary matrix.

        One stage has both matrices. Experts dealt whole lie on one chip of the stage each, all else is on every rank.
        """
        if self.is_tensor_only:
            return shape.weight_bytes / self.tensor
        most = max(self.stage_layers(shape.n_layers))
        always = shape.always_params / shape.n_layers * most + (2 * most + 1) * shape.hidden
        is_both = self.pipeline == 1 and not shape.is_embedding_tied
        always += shape.head_params * (2 if is_both else 1)
        experts = shape.expert_params / shape.n_layers * most
        dealt = self.stage_chips if self.is_expert_parallel else self.tensor
        return (always / self.tensor + experts / dealt) * shape.weight_bytes_per_param

    def check(self, shape: ModelShape) -> None:
        """ModelRangeError when a model cannot be spread so."""
        if self.pipeline > shape.n_layers:
            raise ModelRangeError(
                f"{shape.n_layers} layers do not fill {self.pipeline} stages",
                "pipeline_parallel",
                "use no more stages than layers",
            )
        if not shape.n_experts:
            self._check_dense()
        elif self.data > 1 and not self.is_expert_parallel:
            raise ModelRangeError(
                f"data_parallel {self.data} ranks keep step over one group of experts, and expert_parallel is off",
                "data_parallel",
                "set expert_parallel: true, or ask for as many replicas with `count`",
            )
        elif self.is_expert_parallel and shape.n_experts % self.stage_chips:
            raise ModelRangeError(
                f"{shape.n_experts} experts do not divide over {self.stage_chips} chips",
                "expert_parallel",
                "choose tensor_parallel x data_parallel that divides the experts, or set expert_parallel: false",
            )

    def _check_dense(self) -> None:
        if self.data > 1:
            raise ModelRangeError(
                f"data_parallel is {self.data}, but the model is dense: its ranks would have nothing in common",
                "data_parallel",
                f"plain data parallelism is more replicas: multiply `count` by {self.data} and leave data_parallel out",
            )
        if self.is_expert_parallel:
            raise ModelRangeError(
                "expert_parallel is on, but the model has no experts", "expert_parallel", "leave it out"
            )
