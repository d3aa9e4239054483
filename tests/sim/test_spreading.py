"""Replicas over stages, ranks and dealt experts in a hall: where they stand, what they hold, that nothing is lost."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import twin
from twin.errors import TwinError
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pipeline import SpreadLaw
from twin.physics.spread import Spread
from twin.physics.stage import StageLink
from twin.sim.bench_serving import H100, LLAMA_8B
from twin.sim.hall import Hall, build_hall
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.links import link_findings, link_needs
from twin.sim.run import load_documents, start_live

_spec = importlib.util.spec_from_file_location(
    "spread_against_reference", Path(__file__).with_name("test_serving_against_reference.py")
)
assert _spec is not None
assert _spec.loader is not None
against = importlib.util.module_from_spec(_spec)
sys.modules["spread_against_reference"] = against
_spec.loader.exec_module(against)

Write = Callable[..., Path]
CHIP = replace(H100, link_bw_bytes_s=450e9, link_latency_s=1e-5)
LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 1.0, 1.0)
QWEN_30B = ModelShape(48, 2048, 32, 4, 128, 0, 151936, 1.0, 1.0, 128, 8, 768)


def workload(
    model: str = "llama-3.1-70b", engine: dict[str, object] | None = None, **replicas: object
) -> dict[str, object]:
    return {
        "id": "w",
        "model": model,
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 2.0},
        "replicas": {"on": ["dgx_h100"], **replicas},
        "engine": engine or {},
    }


def built(write: Write, tree: dict[str, object]) -> Hall:
    path = write(workloads=[tree])
    return build_hall(load_documents(path), path)


# Where they stand


def test_a_replica_takes_tensor_times_pipeline_times_data_chips(write_scenario: Write) -> None:
    hall = built(write_scenario, workload(tensor_parallel=2, pipeline_parallel=2))
    assert [site.n_chips for site in hall.served[0].sites] == [4, 4, 4, 4]
    experts = workload("qwen3-30b-a3b", tensor_parallel=2, data_parallel=4, expert_parallel=True)
    assert [site.n_chips for site in built(write_scenario, experts).served[0].sites] == [8, 8]


def test_without_any_of_it_a_replica_has_the_plain_law(write_scenario: Write) -> None:
    law = built(write_scenario, workload(tensor_parallel=4)).served[0].sites[0].law
    assert type(law) is IterationLaw


def test_budgets_are_those_of_all_micro_batches_and_places_those_of_all_ranks(write_scenario: Write) -> None:
    tree = workload("qwen3-30b-a3b", {"max_batch": 64}, pipeline_parallel=2, data_parallel=4, expert_parallel=True)
    config = built(write_scenario, tree).served[0].sites[0].config
    assert (config.max_batch_tokens, config.max_batch, config.n_ranks) == (2048 * 8, 64 * 4, 4)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (workload(pipeline_parallel=4, data_parallel=2, expert_parallel=True), ["dense", "multiply `count` by 2"]),
        (workload("qwen3-30b-a3b", data_parallel=2), ["expert_parallel is off", "count"]),
        (workload("qwen3-30b-a3b", tensor_parallel=4, pipeline_parallel=64), ["48 layers", "64 stages"]),
        (
            workload("qwen3-30b-a3b", {"prefix_cache": True}, data_parallel=2, expert_parallel=True),
            ["2 data-parallel ranks", "prefix_cache: false"],
        ),
    ],
)
def test_what_cannot_be_spread_is_refused_with_the_way_out(
    write_scenario: Write, tree: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(TwinError) as caught:
        built(write_scenario, tree)
    assert all(word in str(caught.value) for word in words)


def test_a_sheet_with_absurd_collectives_is_refused_before_the_run(write_scenario: Write) -> None:
    path = write_scenario(
        workloads=[workload(tensor_parallel=4)],
        sheets={"nvidia_h100_sxm": {"kernels": {"collective": {"link_frac": 3.0, "t0_s": 1e-9, "step_s": 1e-9}}}},
    )
    with pytest.raises(TwinError, match=r"all-reduce of 4 chips would move .* over a link of 450\.0 GB/s"):
        build_hall(load_documents(path), path)


# Several servers


def giant(**replicas: object) -> dict[str, object]:
    return workload("llama-3.1-405b", **{"tensor_parallel": 8, "pipeline_parallel": 2, **replicas})


def idle_input_w(hall: Hall) -> float:
    """Watts at the cords of a server of the giant whose chips idle."""
    constants = hall.plant.compute.constants[hall.served[0].sites[0].i_server]
    return constants.input_w(8 * constants.idle_chip_w, constants.host_idle_w)


def test_stages_that_do_not_fit_one_server_stand_on_several(write_scenario: Write) -> None:
    hall = built(write_scenario, giant())
    (site,) = hall.served[0].sites
    names = [hall.plant.compute.constants[i].id for i, _ in site.spans]
    assert names == ["B1/u03", "B2/u03"]
    assert [n for _, n in site.spans] == [8, 8]
    assert site.n_chips == 16
    four = built(write_scenario, giant(tensor_parallel=4, pipeline_parallel=3)).served[0].sites[0]
    assert [n for _, n in four.spans] == [8, 4]


def test_hand_overs_between_servers_go_over_their_ports_and_those_inside_do_not(write_scenario: Write) -> None:
    law = built(write_scenario, giant(tensor_parallel=4, pipeline_parallel=4)).served[0].sites[0].law
    assert isinstance(law, SpreadLaw)
    assert law.link == StageLink(50e9, law.chip.link_latency_s, 2)
    rates = sorted(stage.link_bw_bytes_s for stage in law.stages)
    assert rates == [50e9, 50e9, 450e9, 450e9]  # after the second stage and back from the last; first and third


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (giant(pipeline_parallel=3), ["24 chips", "0 fit"]),
        (giant(tensor_parallel=16, pipeline_parallel=1), ["16 chips of a stage", "has 8", "raise pipeline_parallel"]),
        (
            workload("qwen3-235b-a22b", tensor_parallel=4, data_parallel=4, expert_parallel=True),
            ["16 chips of a stage", "has 8", "lower them"],
        ),
    ],
)
def test_what_several_servers_cannot_hold_is_refused_with_both_numbers(
    write_scenario: Write, tree: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(TwinError) as caught:
        built(write_scenario, tree)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_servers_without_ports_cannot_share_a_pipeline(write_scenario: Write) -> None:
    path = write_scenario(workloads=[giant()], sheets={"dgx_h100": {"nic_count": 0}})
    with pytest.raises(TwinError, match="several dgx_h100, whose sheet has no network ports"):
        build_hall(load_documents(path), path)


def test_a_pipeline_that_finds_too_few_servers_is_refused(write_scenario: Write) -> None:
    path = write_scenario(workloads=[workload(tensor_parallel=4, count=1), {**giant(count=1), "id": "giant"}])
    with pytest.raises(TwinError, match=r"1 replica of llama-3\.1-405b on 16 chips each asked for, 0 fit"):
        build_hall(load_documents(path), path)


def test_chips_that_the_last_stages_leave_are_free_for_others(write_scenario: Write) -> None:
    small = {**workload(tensor_parallel=4, count=1), "id": "small"}
    path = write_scenario(workloads=[giant(tensor_parallel=4, pipeline_parallel=3, count=1), small])
    hall = build_hall(load_documents(path), path)
    assert hall.served[1].sites[0].i_server == hall.served[0].sites[0].spans[1][0]


def test_a_pipeline_over_servers_puts_its_watts_and_tokens_on_all_of_them(write_scenario: Write) -> None:
    path = write_scenario(workloads=[giant()], hours=60 / 3600)
    hall = build_hall(load_documents(path), path)
    first, second = (i for i, _ in hall.served[0].sites[0].spans)
    hall.env.run(until=50.0)
    compute = hall.plant.compute
    compute.settle()
    assert compute.input_w[first] == compute.input_w[second] > idle_input_w(hall)
    result = twin.run(path)
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9
    assert result.summary["balance"]["requests_residual"] == 0
    tokens = [float(result.rack(rack)["output_tokens_per_s"].sum()) for rack in ("B1", "B2")]
    assert tokens[0] == pytest.approx(tokens[1])
    assert tokens[0] > 0.0


def test_a_pipeline_is_down_while_any_of_its_servers_is_and_the_others_idle(write_scenario: Write) -> None:
    faults = [
        {"at_s": 20.0, "element": "B1/u03", "action": "fail"},
        {"at_s": 25.0, "element": "B2/u03", "action": "fail"},
        {"at_s": 30.0, "element": "B1/u03", "action": "repair"},
        {"at_s": 40.0, "element": "B2/u03", "action": "repair"},
    ]
    path = write_scenario(workloads=[giant()], hours=120 / 3600, faults=faults)
    run = start_live(load_documents(path), path)
    served, compute = run.hall.served[0], run.hall.plant.compute
    first, second = (i for i, _ in served.sites[0].spans)
    seen = {}
    while run.hall.env.now < 60.0:
        run.step()
        compute.settle()
        seen[round(run.hall.env.now)] = (served.workload.is_up[0], compute.input_w[first], compute.input_w[second])
    assert seen[19][0]
    assert not seen[22][0]
    assert seen[22][1:] == pytest.approx((0.0, idle_input_w(run.hall)))
    assert not seen[35][0]
    assert seen[35][1:] == pytest.approx((idle_input_w(run.hall), 0.0))
    assert seen[45][0]
    assert seen[45][1] == pytest.approx(seen[45][2])
    assert seen[45][1] > idle_input_w(run.hall)


def test_a_cap_on_one_server_slows_the_whole_pipeline(write_scenario: Write) -> None:
    cap = [{"kind": "power_cap", "at_s": 10.0, "element": "B2/u03", "limit_w": 3500.0}]
    path = write_scenario(workloads=[giant()], hours=60 / 3600, policies=cap)
    run = start_live(load_documents(path), path)
    while run.hall.env.now < 50.0:
        run.step()
    assert run.hall.served[0].workload.replicas[0].clock_frac < 1.0


# What they hold


def test_stages_hold_the_layers_of_one_stage_each() -> None:
    one, four = (Spread(1, p).weight_bytes_on_each(LLAMA_70B) for p in (1, 4))
    vocabulary = LLAMA_70B.head_params * 1.0
    assert one == LLAMA_70B.weight_bytes
    assert four == pytest.approx((one - 2 * vocabulary) / 4 + vocabulary, rel=1e-5)
    assert Spread(1, 3).stage_layers(80) == (27, 27, 26)


def test_stages_hold_more_context_than_the_same_chips_sliced() -> None:
    """Eight heads over sixteen slices are copied twice; over stages nothing is."""
    assert kv_blocks(LLAMA_70B, 80e9, Spread(8, 2)) > 1.7 * kv_blocks(LLAMA_70B, 80e9, 16)


def test_ranks_have_blocks_of_their_own_and_dealt_experts_leave_room() -> None:
    rank = kv_blocks(QWEN_30B, 80e9, Spread(1, 1, 1))
    eight = kv_blocks(QWEN_30B, 80e9, Spread(1, 1, 8, True))
    assert eight % 8 == 0
    assert eight / 8 > rank
    experts = QWEN_30B.expert_params * 1.0
    each = Spread(1, 1, 8, True).weight_bytes_on_each(QWEN_30B)
    assert each == pytest.approx(QWEN_30B.weight_bytes - experts * 7 / 8, rel=1e-9)


def test_a_request_must_fit_one_rank() -> None:
    law = SpreadLaw(QWEN_30B, CHIP, Spread(1, 1, 4, True), 100)
    config = EngineConfig(n_blocks=40, max_batch_tokens=400, max_batch=16, block_tokens=4, n_ranks=4)
    against.LAW = law
    requests, _, _, _ = against.fast(([0.0, 0.0], [39, 36], [3, 3]), config, [])
    assert requests.state == [against.RequestState.REJECTED, against.RequestState.DONE]
    assert "each of its 4 ranks has 10" in requests.reject_reason[0]


# Nothing is lost


SPREADS = (
    (LLAMA_8B, Spread(1, 4)),
    (LLAMA_8B, Spread(2, 3)),
    (QWEN_30B, Spread(1, 2, 2, True)),
    (QWEN_30B, Spread(4, 1, 1, True)),
)


@pytest.mark.parametrize(("shape", "spread"), SPREADS)
def test_the_fast_replica_gives_what_a_walk_through_every_round_gives(shape: ModelShape, spread: Spread) -> None:
    law = SpreadLaw(shape, CHIP, spread, 40)

    @settings(max_examples=60, deadline=None)
    @given(against.workloads())
    def agree(case: tuple[object, EngineConfig, object]) -> None:
        columns, config, controls = case
        against.LAW = law
        against.compare(columns, config, controls)

    agree()


def test_a_run_of_pipelines_and_ranks_ends_with_balanced_books(write_scenario: Write) -> None:
    pipelines = workload(tensor_parallel=2, pipeline_parallel=4, count=1)
    ranks = workload("qwen3-30b-a3b", tensor_parallel=1, data_parallel=4, expert_parallel=True, count=2)
    path = write_scenario(workloads=[pipelines, {**ranks, "id": "experts"}], hours=60 / 3600)
    result = twin.run(path)
    serving, balance = result.summary["serving"], result.summary["balance"]
    assert serving["requests_completed"] > 100
    assert serving["requests_rejected"] == serving["requests_lost"] == 0
    assert balance["requests_residual"] == 0
    assert balance["energy_residual_frac"] < 1e-9


# Links


def test_links_between_slow_stages_are_pointed_out_with_both_rates() -> None:
    law = SpreadLaw(LLAMA_70B, CHIP, Spread(4, 2), 2048, link=StageLink(0.2e9, 1e-5))
    config = EngineConfig(n_blocks=1000, max_batch_tokens=4096)
    (finding,) = link_findings([("chat", law, config)])
    assert finding[1].startswith("chat: hand-overs between 2 stages ask")
    assert "0 GB/s" in finding[1]
    assert link_findings([("chat", SpreadLaw(LLAMA_70B, CHIP, Spread(4, 2), 2048), config)]) == []


def test_exchanges_between_experts_count_on_the_links_of_a_stage() -> None:
    config = EngineConfig(n_blocks=1000, max_batch_tokens=2048 * 8)
    (need,) = link_needs(SpreadLaw(QWEN_30B, CHIP, Spread(1, 1, 8, True), 2048), config)
    sent = 2 * 48 * 2048 * 8 * 2048 * 2 * 7 / 8
    assert need.what == "8 chips of a stage"
    assert (
        need.needed_bytes_s
        > sent / SpreadLaw(QWEN_30B, CHIP, Spread(1, 1, 8, True), 2048).iteration(2048 * 8, 0.5 * 2048**2 * 8, 0, 0)[0]
    )
    slow = SpreadLaw(QWEN_30B, replace(CHIP, link_bw_bytes_s=20e9), Spread(1, 1, 8, True), 2048)
    assert "8 chips of a stage ask" in link_findings([("chat", slow, config)])[0][1]
