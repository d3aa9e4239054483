"""A policy takes its parameters from a document, within the bounds of its fields."""

from __future__ import annotations

from dataclasses import fields

import pytest

from twin import plugins
from twin.errors import DocumentError, TwinError
from twin.policies.admission.token_bucket import TokenBucket
from twin.policies.autoscalers.schedule import Schedule
from twin.policies.making import make, parameters_of
from twin.policies.routers.inlet_aware import InletAware


def test_parameters_left_out_have_their_defaults() -> None:
    assert make(plugins.ROUTERS, "inlet_aware", {}, "s.yaml") == InletAware()
    assert make(plugins.ROUTERS, "inlet_aware", {"spread": 4}, "s.yaml") == InletAware(spread=4.0)


def test_a_mapping_is_a_parameter_too() -> None:
    given = {"hours": {8: 3, 22.5: 1}}
    assert make(plugins.AUTOSCALERS, "schedule", given, "s.yaml") == Schedule({8.0: 3, 22.5: 1})


def test_what_a_policy_keeps_for_itself_is_no_parameter() -> None:
    with pytest.raises(DocumentError, match="token_bucket has no parameter '_full_at_s'"):
        make(plugins.ADMISSION, "token_bucket", {"rate_per_s": 1, "_full_at_s": [0]}, "s.yaml")
    assert make(plugins.ADMISSION, "token_bucket", {"rate_per_s": 1}, "") is not TokenBucket(1.0)


def test_all_mistakes_are_told_together_with_their_places() -> None:
    with pytest.raises(TwinError) as caught:
        make(plugins.AUTOSCALERS, "target_load", {"target": 0, "low_frac": 1}, "s.yaml workloads[0].autoscale")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        f"s.yaml workloads[0].autoscale {name}" for name in ("target", "low_frac")
    ]


@pytest.mark.parametrize("group", [plugins.ROUTERS, plugins.AUTOSCALERS, plugins.ADMISSION])
def test_every_parameter_of_a_built_in_policy_says_what_it_means(group: str) -> None:
    for name in plugins.BUILT_IN[group]:
        policy = plugins.find(group, name)
        assert isinstance(policy, type)
        model = parameters_of(policy)
        assert list(model.model_fields) == [one.name for one in fields(policy) if one.init]
        assert all(field.description for field in model.model_fields.values()), name
