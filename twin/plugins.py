"""Find interchangeable parts by group and name, built-in and third-party ones through the same door: entry points."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from twin.errors import DocumentError

ADMISSION = "twin.policies.admission"
AUTOSCALERS = "twin.policies.autoscalers"
CONTROLS = "twin.policies.controls"
ROUTERS = "twin.policies.routers"

# What pyproject.toml registers, for a checkout that runs without being installed; a test holds the two together.
BUILT_IN: dict[str, dict[str, str]] = {
    ADMISSION: {
        "queue_limit": "twin.policies.admission.queue_limit:QueueLimit",
        "token_bucket": "twin.policies.admission.token_bucket:TokenBucket",
    },
    AUTOSCALERS: {
        "schedule": "twin.policies.autoscalers.schedule:Schedule",
        "target_load": "twin.policies.autoscalers.target_load:TargetLoad",
        "ttft": "twin.policies.autoscalers.ttft:Ttft",
    },
    CONTROLS: {
        "economiser": "twin.policies.controls.economiser:Economiser",
        "failure_response": "twin.policies.controls.failure_response:FailureResponse",
        "fan_pid": "twin.policies.controls.fan_pid:FanPid",
        "fixed": "twin.policies.controls.fixed:Fixed",
        "flow_to_demand": "twin.policies.controls.flow_to_demand:FlowToDemand",
        "staging": "twin.policies.controls.staging:Staging",
        "temperature_reset": "twin.policies.controls.temperature_reset:TemperatureReset",
    },
    ROUTERS: {
        "inlet_aware": "twin.policies.routers.inlet_aware:InletAware",
        "least_kv": "twin.policies.routers.least_kv:LeastKv",
        "least_outstanding": "twin.policies.routers.least_outstanding:LeastOutstanding",
        "power_aware": "twin.policies.routers.power_aware:PowerAware",
        "prefix_aware": "twin.policies.routers.prefix_aware:PrefixAware",
        "round_robin": "twin.policies.routers.round_robin:RoundRobin",
    },
}


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    """Everything registered in a group, by name; raises DocumentError when two packages claim one name."""
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.setdefault(entry.name, entry)
        if other.value != entry.value:
            raise DocumentError(
                f"{other.value} and {entry.value} are both registered as {entry.name!r}",
                f"entry points {group}",
                "uninstall one of the two packages",
            )
    for name, value in BUILT_IN.get(group, {}).items():
        found.setdefault(name, EntryPoint(name, value, group))
    return found


def names(group: str) -> tuple[str, ...]:
    """Names registered in a group, sorted."""
    return tuple(sorted(_entries(group)))


def find(group: str, name: str, where: str = "") -> object:
    """The object registered in `group` as `name`; `where` is the place in the user's file that asks for it.

    Only what an installed package registered can be found: a document names it and never carries code or a path to it.
    Raises DocumentError when nothing has that name (with the nearest one that exists) or when it cannot be imported.
    """
    entries = _entries(group)
    if name not in entries:
        near = get_close_matches(name, entries, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names(group)) or 'none'}"
        raise DocumentError(f"nothing is registered as {name!r} in {group}", where, hint)
    entry = entries[name]
    try:
        part: object = import_module(entry.module)
        for attribute in entry.attr.split("."):
            part = getattr(part, attribute)
    except (ImportError, AttributeError) as error:
        package = entry.dist.name if entry.dist else "kcloud-twin"
        hint = f"reinstall or repair the package {package!r}, which registers it"
        raise DocumentError(f"{name!r} of {group} cannot be loaded: {error}", where, hint) from error
    return part
