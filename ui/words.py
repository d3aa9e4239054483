"""Words for the codes of the engine: kinds of events, rules of findings, and the ways out they offer."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_ = QT_TRANSLATE_NOOP

EVENT_KINDS: dict[str, str] = {
    "air.mapped": str(_("words", "inlets from the flow again")),
    "air.mixed": str(_("words", "room taken as mixed")),
    "battery.charged": str(_("words", "battery charged")),
    "battery.empty": str(_("words", "battery empty")),
    "battery.overdrawn": str(_("words", "battery overdrawn")),
    "breaker.tripped": str(_("words", "breaker tripped")),
    "control.set": str(_("words", "set point")),
    "coolant.flows": str(_("words", "coolant flows again")),
    "coolant.reduced": str(_("words", "coolant flow reduced")),
    "coolant.stopped": str(_("words", "coolant stopped")),
    "coolant.uncooled": str(_("words", "coolant not cooled")),
    "generator.failed": str(_("words", "generator failed")),
    "generator.overstep": str(_("words", "load step too large")),
    "generator.started": str(_("words", "generator carries load")),
    "generator.starting": str(_("words", "generator starting")),
    "generator.stopped": str(_("words", "generator stopped")),
    "network.kv_saturated": str(_("words", "KV transfers fill the network")),
    "network.links": str(_("words", "link saturated")),
    "power.cap": str(_("words", "power cap")),
    "power.cap_missed": str(_("words", "power cap missed")),
    "power.capped": str(_("words", "clocks held by the power cap")),
    "power.eco": str(_("words", "eco mode")),
    "power.on_battery": str(_("words", "on battery")),
    "power.on_mains": str(_("words", "on mains again")),
    "power.overload": str(_("words", "overload")),
    "power.shaving": str(_("words", "peak shaving")),
    "power.swing_peak": str(_("words", "peak of load swings")),
    "scale.ready": str(_("words", "server ready")),
    "scale.sleep": str(_("words", "server put to sleep")),
    "scale.wake": str(_("words", "server woken")),
    "server.off": str(_("words", "server off")),
    "server.on": str(_("words", "server on")),
    "server.supplies_back": str(_("words", "enough supplies again")),
    "server.supplies_short": str(_("words", "too few supplies, clocks lowered")),
    "serving.interrupted": str(_("words", "requests interrupted")),
    "switch.transferred": str(_("words", "transfer to the other source")),
    "thermal.allowable": str(_("words", "inlet over the A1 limit")),
    "thermal.chips_cool": str(_("words", "chips cool again")),
    "thermal.chips_throttle": str(_("words", "chips throttled by heat")),
    "thermal.chips_trip": str(_("words", "chips switched off by heat")),
    "thermal.recommended": str(_("words", "inlet over the recommended limit")),
    "thermal.throttled": str(_("words", "clocks lowered by warm inlet")),
    "thermal.unthrottled": str(_("words", "full clocks again")),
    "ups.overloaded": str(_("words", "UPS overloaded")),
    "ups.swing_step": str(_("words", "load step on the UPS")),
}

RULES: dict[str, str] = {
    "airflow.covered_tile": str(_("words", "tile under a body")),
    "airflow.hot_inlet": str(_("words", "hot inlet")),
    "airflow.no_answer": str(_("words", "air not solved")),
    "airflow.no_outlet": str(_("words", "no way out for air")),
    "airflow.open_aisle": str(_("words", "open aisle")),
    "airflow.settled_error": str(_("words", "error of settled air")),
    "airflow.short_circuit": str(_("words", "air short circuit")),
    "airflow.short_supply": str(_("words", "too little supply air")),
    "airflow.uneven_coolers": str(_("words", "uneven cooler flow")),
    "airflow.unsteady": str(_("words", "unsteady air")),
    "airflow.warm_supply": str(_("words", "supply warmer than return")),
    "cooling.capacity": str(_("words", "cooling capacity")),
    "cooling.no_air_cooler": str(_("words", "no air cooler")),
    "cooling.no_condenser_loop": str(_("words", "no condenser loop")),
    "cooling.no_heat_rejection": str(_("words", "no heat rejection")),
    "cooling.no_liquid_path": str(_("words", "no liquid path")),
    "cooling.no_loop": str(_("words", "no water loop")),
    "cooling.no_pump": str(_("words", "no pump")),
    "cooling.no_spare": str(_("words", "no spare cooling unit")),
    "cooling.no_such_loop": str(_("words", "unknown loop")),
    "cooling.outside": str(_("words", "water from outside")),
    "layout.duplicate_id": str(_("words", "name used twice")),
    "layout.no_such_thing": str(_("words", "unknown thing")),
    "layout.unknown_device": str(_("words", "unknown device")),
    "liquid.approach": str(_("words", "approach too small")),
    "liquid.door_medium": str(_("words", "medium of a rear door")),
    "liquid.flow": str(_("words", "coolant flow too small")),
    "liquid.no_branch": str(_("words", "nothing takes the flow")),
    "liquid.no_path": str(_("words", "no path for coolant")),
    "liquid.no_pump": str(_("words", "no coolant pump")),
    "liquid.no_volume": str(_("words", "loop volume unknown")),
    "liquid.supply_warmer": str(_("words", "supply warmer than return")),
    "network.no_path": str(_("words", "no network path")),
    "network.ports": str(_("words", "ports")),
    "network.split": str(_("words", "network in parts")),
    "power.continuous": str(_("words", "continuous load")),
    "power.cord_imbalance": str(_("words", "cord imbalance")),
    "power.cycle": str(_("words", "power in a circle")),
    "power.failover": str(_("words", "load after a failure")),
    "power.feed_to_nothing": str(_("words", "feed to nothing")),
    "power.no_feed": str(_("words", "no feed")),
    "power.no_rating": str(_("words", "rating unknown")),
    "power.no_source": str(_("words", "no source")),
    "power.no_voltage": str(_("words", "voltage unknown")),
    "power.overload": str(_("words", "overload")),
    "power.phase_imbalance": str(_("words", "phase imbalance")),
    "power.rack_budget": str(_("words", "rack power budget")),
    "power.redundancy": str(_("words", "redundancy")),
    "power.single_point": str(_("words", "single point of failure")),
    "power.two_inputs": str(_("words", "too many inputs")),
    "power.two_sources": str(_("words", "sources joined")),
    "rack.depth": str(_("words", "rack depth")),
    "rack.floor_load": str(_("words", "floor load")),
    "rack.out_of_units": str(_("words", "outside the rack units")),
    "rack.unit_collision": str(_("words", "rack units taken twice")),
    "rack.weight": str(_("words", "rack weight")),
    "space.column": str(_("words", "column in the way")),
    "space.front_clearance": str(_("words", "clearance in front")),
    "space.outside": str(_("words", "outside the room")),
    "space.overlap": str(_("words", "overlap")),
    "space.rear_clearance": str(_("words", "clearance behind")),
    "space.wall": str(_("words", "wall in the way")),
    "trust.estimate": str(_("words", "estimate")),
}

_ENDINGS = {"failed": str(_("words", "failure")), "repaired": str(_("words", "repair"))}


def event_kind(code: str) -> str:
    """An event's kind in words; any element's failure and repair are called so; a code of a plug-in stays."""
    text = EVENT_KINDS.get(code) or _ENDINGS.get(code.rpartition(".")[2], "")
    return QCoreApplication.translate("words", text) if text else code


def rule(code: str) -> str:
    """The title of a finding's rule; a code that is not known here stays."""
    text = RULES.get(code, "")
    return QCoreApplication.translate("words", text) if text else code
