"""The iteration law that runs in the simulator, held against the runs of the public AttAcc simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pim_iteration import PimIterationLaw
from twin.physics.pim_memory import PimLaw
from twin.validate.attacc import EXTERNAL_BYTES_S, FILE, FLOPS, INNER, LINK_BYTES_S, MODELS, Setting
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.tables import Table, read_table

NOTE = (
    "the law of a simulated replica: one roofline for all products, no traffic of norms; heads must divide over boards"
)


def runs(table: Table) -> tuple[Array, Array]:
    """Mean seconds of an output token by the law and in the runs, of those whose heads divide over the boards."""
    names = ("wbits", "lin", "lout", "batch", "ngpu", "powerlimit", "pipe", "tpot_ms")
    number = {name: table.numbers(name) for name in names}
    model, placement = table.words("model"), table.words("pim")
    found = []
    for i in range(len(table)):
        boards = int(number["ngpu"][i])
        if MODELS[str(model[i])].n_heads % boards:
            continue
        lengths = number["lin"][i], number["lout"][i], number["batch"][i]
        modes = number["powerlimit"][i] != 0.0, number["pipe"][i] == 1.0
        run = Setting(str(model[i]), number["wbits"][i] / 8.0, *lengths, boards, str(placement[i]), *modes)
        n, k = int(run.batch), int(run.output)
        found.append((law_of(run).stretch_load(n, n * int(run.prompt) + n, k)[0] / k, number["tpot_ms"][i] * 1e-3))
    model_s, measured_s = np.array(found).T
    return model_s, measured_s


def law_of(run: Setting) -> IterationLaw:
    """The law of a run, its efficiencies and start-up times those of the public simulator."""
    model, width = MODELS[run.model], run.value_bytes
    shape = ModelShape(
        n_layers=model.n_layers,
        hidden=model.hidden,
        n_heads=model.n_heads,
        n_kv_heads=model.n_heads,
        head_dim=model.head_dim,
        ffn=model.ffn * model.ffn_matrices // 3,  # its shapes have two matrices, ours three
        vocab=1,
        weight_bytes_per_param=width,
        kv_bytes_per_value=width,
    )
    # Start-up of its norms, activation and collectives: 2 x 6.87 + 8.29 us a layer, 6.06 us a ring step.
    chip = ChipLaw(
        FLOPS[width], EXTERNAL_BYTES_S, 0.72, 0.76, 64.0, 22e-6, 0.0, 0.0, 0.0, 1000.0, 0.5, 0.5, LINK_BYTES_S, 3.03e-6
    )
    if not run.placement:
        return IterationLaw(shape, chip, run.boards)
    ratio, reached = INNER[run.placement, run.is_capped]
    inner_bw_bytes_s = EXTERNAL_BYTES_S * ratio
    memory = PimLaw(
        inner_bw_bytes_s,
        reached,
        2.0 * inner_bw_bytes_s / width,
        n_channels=80,
        placement="bank_group" if run.placement == "bg" else run.placement,
        link_bw_bytes_s=LINK_BYTES_S,
        overlap="pipelined" if run.is_pipelined else "none",
        shares_ffn=run.is_pipelined,
    )
    return PimIterationLaw(shape, chip, memory, ("attention",), run.boards)


def _cases(data: Path) -> Iterator[Case]:
    yield over_rows("AttAcc runs, law of the simulator", *runs(read_table(data / FILE)), None, NOTE)


GROUPS = (Group("AttAcc runs, law of the simulator", (FILE,), _cases),)
