"""A policy from its name and the parameters a document gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, get_type_hints

from pydantic import Field, create_model

from twin.catalogue.device import Sheet
from twin.errors import DocumentError, raise_all
from twin.files import validated
from twin.plugins import find


def make(group: str, name: str, parameters: Mapping[str, object], where: str) -> Any:
    """The policy registered in `group` as `name`, with the parameters given and defaults for the others.

    `where` is the place of the policy in the user's file. Raises DocumentError for an unknown name or parameter, and
    for values of the wrong type or out of bounds; all mistakes together.
    """
    policy = find(group, name, where)
    if not isinstance(policy, type) or not callable(getattr(policy, "__call__", None)):  # noqa: B004 of its instances
        raise DocumentError(f"{name!r} is no policy", where, "choose another")
    if not is_dataclass(policy):
        if parameters:
            raise DocumentError(f"{name} takes no parameters, {', '.join(parameters)} given", where, "remove them")
        return policy()
    model = parameters_of(policy)
    known = list(model.model_fields)
    raise_all([_unknown(name, key, known, where) for key in parameters if key not in known])
    checked = validated(model, dict(parameters), where)
    return policy(**{key: getattr(checked, key) for key in checked.model_fields_set})


@cache
def parameters_of(policy: type) -> type[Sheet]:
    """The document part that holds a policy's parameters: the fields of its dataclass with their bounds."""
    hints = get_type_hints(policy, include_extras=True)
    given: dict[str, Any] = {}
    for one in fields(policy):
        if one.init:
            default = ... if one.default is MISSING else one.default
            if one.default_factory is not MISSING:
                default = Field(default_factory=one.default_factory)
            given[one.name] = (hints[one.name], default)
    return create_model(policy.__name__, __base__=Sheet, **given)


def _unknown(name: str, key: str, known: list[str], where: str) -> DocumentError:
    near = get_close_matches(key, known, 1, 0.6)
    listed = f"it has {', '.join(known)}" if known else "it has none"
    hint = f"did you mean {near[0]!r}? {listed}" if near else f"remove it; {listed}"
    return DocumentError(f"{name} has no parameter {key!r}", f"{where}.{key}", hint)
