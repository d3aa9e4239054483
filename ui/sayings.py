"""Sentences of the engine in the language of the window: findings, their ways out, and what happened in a run.

The engine speaks English only. A sentence is found by its template, its numbers and names are put into the translated
template as they are; a sentence that fits none stays English.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui import language

_ = QT_TRANSLATE_NOOP

PARTS = ("names", "shown", "cause", "end")
"""Places that hold a list or half a sentence, which is translated by its own template; so is any `…_word`."""

FINDINGS: tuple[str, ...] = (
    # space
    str(_("sayings", "reaches {depth} m into {kind_word} {id}, 0.00 m is the limit")),
    str(
        _(
            "sayings",
            "stands outside the room: it spans x {a} to {b} m, y {c} to {d} m, the room x {e} to {f} m, y {g} to {h} m",
        )
    ),
    str(_("sayings", "has {free} m free {where_word}, up to {what}, {limit} m are needed")),
    str(
        _(
            "sayings",
            "has {free} m free {where_word}, up to {what}, {limit} m are needed ({n} racks of row {row} are too close)",
        )
    ),
    # racks
    str(_("sayings", "carries {load} kg, the rack may carry {limit} kg")),
    str(_("sayings", "loads its footprint with {load} kg/m2, the floor may carry {limit} kg/m2")),
    str(_("sayings", "{box} takes units {low} to {top}, the rack has {n}")),
    str(_("sayings", "{box} in units {a} to {b} collides with {other} in units {c} to {d}")),
    str(_("sayings", "{box} is {a} m deep, the rack {b} m")),
    # power
    str(_("sayings", "has {n} boxes that draw {load} and 0 feeds, 1 is needed")),
    str(_("sayings", "may draw {load}, the rack is meant for {limit}")),
    str(_("sayings", "claims {redundancy}, but {box} hangs on 1 node ({shown}), 2 are needed")),
    str(_("sayings", "has 0 feeds, so its fans or pumps stand still; 1 is needed")),
    str(_("sayings", "has 0 feeds, so it stands still; 1 is needed")),
    str(_("sayings", "is a {role_word} with {n} inputs ({inputs}), 1 is the limit")),
    str(_("sayings", "is a {role_word} with 0 inputs, 1 is needed")),
    str(_("sayings", "feeds itself through {n} nodes: {nodes}")),
    str(_("sayings", "would carry {load} ({share}), it is rated {limit}")),
    str(_("sayings", "would carry {load} ({share}) if {lost} fails, it is rated {limit}")),
    str(_("sayings", "would draw {load} ({share}) on side {side}, its rack PDUs carry {limit}")),
    str(_("sayings", "would draw {load} ({share}) on side {side} if side {other} fails, its rack PDUs carry {limit}")),
    str(_("sayings", "feeds {n} racks that claim two paths by both of them ({names}); 0 shared nodes are allowed")),
    str(_("sayings", "draws {a} on side A and {b} on side B, {off} apart, {limit} is the limit")),
    str(_("sayings", "{device} has losses but 0 ratings, 1 is needed to scale them")),
    str(_("sayings", "has a breaker of {current} A, but {device} has no voltage_in_v")),
    str(_("sayings", "joins {n} sources ({sources}) that may be out of step, 1 is the limit")),
    str(_("sayings", "breaker of {current} A would carry {share} ({load}), {limit} is the limit for hours")),
    str(_("sayings", "would carry {phases}: {off} off the mean, {limit} is the limit")),
    str(_("sayings", "{device} has 0 ratings, so no overload of it can be seen")),
    # cooling
    str(_("sayings", "gives {heat} of heat to the air and has 0 air coolers, 1 is needed")),
    str(_("sayings", "must move {heat} of heat, its {n} {noun_word} are rated {total} together")),
    str(_("sayings", "must move {heat} of heat, without {name} its {noun_word} are rated {total}")),
    str(_("sayings", "takes the heat of {names} and has nothing on it: its water comes from outside the drawing")),
    str(_("sayings", "takes the heat of {names} and has 0 chillers, towers or dry coolers, 1 is needed")),
    str(_("sayings", "has {heat} of cold-plate heat and 0 liquid loops, 1 is needed")),
    str(_("sayings", "has a rear door and 0 liquid loops, 1 is needed")),
    str(_("sayings", "hangs on loop {loop}, which 0 CDUs serve, 1 is needed")),
    str(_("sayings", "hangs on 0 loops, so its heat has no way out; 1 is needed")),
    str(_("sayings", "is a water-cooled chiller with 0 condenser loops, 1 is needed")),
    str(_("sayings", "has 0 pumps, 1 is needed")),
    # liquid
    str(_("sayings", "{n} coolant loops have a volume of 0 m3 drawn ({names}), each needs one")),
    str(_("sayings", "is supplied at {a} °C and returns at {b} °C, it must return warmer")),
    str(_("sayings", "serves 0 loops, so its pumps have no path for any flow; 1 is needed")),
    str(_("sayings", "has {n} coolant units whose pumps are rated 0 W, so nothing says what moves its coolant")),
    str(_("sayings", "warms by {rise} K under {heat}, {limit} K is the most")),
    str(_("sayings", "serves loop {loop} and hangs on it too, so its heat has no way out")),
    str(_("sayings", "serves loop {loop} with 0 racks that give heat to coolant, so nothing takes its flow")),
    str(_("sayings", "is to hold {a} °C with water of {b} °C, which must be colder")),
    str(_("sayings", "is to hold {a} °C, at its rating it reaches {b} °C with this water")),
    str(_("sayings", "has a rear door on loop {loop} of {medium}, it needs water")),
    # network
    str(_("sayings", "has {n} servers ({names}) and no network at all")),
    str(_("sayings", "has {n} servers ({names}) with 0 links, 1 is needed")),
    str(_("sayings", "falls into {n} parts that cannot reach each other ({sizes})")),
    str(_("sayings", "would need {n} ports, it has {limit}")),
    # trust and references
    str(_("sayings", "{device}: {n} value is an estimate, not published ({names})")),
    str(_("sayings", "{device}: {n} values are estimates, not published ({names})")),
    str(_("sayings", "{field} names {name}, there is no such {wanted_word}")),
    # air
    str(_("sayings", "{n} tiles lie under bodies and give no air: {names}")),
    str(_("sayings", "supplies {a} °C and draws {b} °C: it heats the room")),
    str(
        _(
            "sayings",
            "coolers move {a} m3/s and racks {b} m3/s, {c} of it: below {limit} potential flow does not know "
            "which rack is hot (3.3 K RMS against CFD)",
        )
    ),
    str(
        _(
            "sayings",
            "momentum with buoyancy, marched to its mean; against CFD of six rooms, on cells of {cell} m, inlets are "
            "right within {a} to {b} K RMS, {c} K with a failed cooler, the worst rack within {d} K, thirds "
            "within {e} K RMS; on {cell2} m {f}, {g} and {h} K",
        )
    ),
    str(_("sayings", "has a roof, and neither a ceiling plenum nor a cooler draws from it: taken as open on top")),
    str(
        _(
            "sayings",
            "inlets still differ by {drift} K between the halves of {span} s of marching: the air of this room "
            "moves slowly back and forth",
        )
    ),
    str(
        _(
            "sayings",
            "moves {a} m3/s and the others up to {b} m3/s: with a failed or weak unit potential flow is wrong by "
            "up to 12 K beside it (4.8 K RMS against CFD)",
        )
    ),
    str(
        _(
            "sayings",
            "{n} racks breathe from open aisles, {m} at the ends of rows: potential flow misses CFD by 1 K RMS "
            "there, by up to 2 K at row ends and 3 K in the upper third, so no hottest rack is named",
        )
    ),
    str(
        _(
            "sayings",
            "{n} inlets pass {limit} °C, up to {most} °C: air goes round from rear to front with little fresh "
            "air, which jets and buoyancy, left out here, would break up; no figure of this room is to be "
            "believed",
        )
    ),
)

HINTS: tuple[str, ...] = (
    str(_("sayings", "move one of them apart")),
    str(_("sayings", "move it inside the outline")),
    str(_("sayings", "widen the aisle or turn the rack")),
    str(_("sayings", "take something out")),
    str(_("sayings", "spread the load")),
    str(_("sayings", "move it down or take it out")),
    str(_("sayings", "move one of them")),
    str(_("sayings", "choose a deeper rack")),
    str(_("sayings", "join it to a PDU or busway")),
    str(_("sayings", "join it to a switchboard")),
    str(_("sayings", "join it to what feeds it")),
    str(_("sayings", "join the other side")),
    str(_("sayings", "spread its servers over more racks")),
    str(_("sayings", "put an ATS, STS or switchboard before it")),
    str(_("sayings", "put an ATS or STS before it")),
    str(_("sayings", "cut one of these inputs")),
    str(_("sayings", "add or enlarge a rack PDU")),
    str(_("sayings", "move load away or enlarge it")),
    str(_("sayings", "move racks to other phases")),
    str(_("sayings", "add voltage_in_v to the sheet")),
    str(_("sayings", "give it rated_w")),
    str(_("sayings", "give both sides equal cords")),
    str(_("sayings", "give each path its own")),
    str(_("sayings", "batteries bridge its loss for minutes only")),
    str(_("sayings", "place an air handler")),
    str(_("sayings", "place a CDU")),
    str(_("sayings", "add {noun_word} or take load out")),
    str(_("sayings", "add one if N+1 is wanted")),
    str(_("sayings", "add a chiller, tower or dry cooler to it")),
    str(_("sayings", "add a pump to it")),
    str(_("sayings", "draw its plant if that is to be counted")),
    str(_("sayings", "name a chilled-water loop")),
    str(_("sayings", "name a loop for it")),
    str(_("sayings", "set rejects_to")),
    str(_("sayings", "add a unit, or take racks off the loop")),
    str(_("sayings", "exchange supply_c and return_c, or mend one")),
    str(_("sayings", "give pump_max_w on their sheet")),
    str(_("sayings", "hang it on a water loop")),
    str(_("sayings", "hang racks with cold plates on it, or take the unit out")),
    str(_("sayings", "raise one set point or lower the other")),
    str(_("sayings", "raise supply_c, or load the unit less")),
    str(_("sayings", "set serves to a coolant loop")),
    str(_("sayings", "set volume_m3, or seconds left after a loss of flow rest on an estimate")),
    str(_("sayings", "add a fabric if they are to be joined")),
    str(_("sayings", "join their leaves to common spines")),
    str(_("sayings", "put a leaf switch in the rack or let a leaf serve it")),
    str(_("sayings", "serve fewer racks from it, or fewer links each")),
    str(_("sayings", "`twin devices {device}` shows the reasoning; a sheet of your own overrides it")),
    str(_("sayings", "draw it, or mend {field} of {place}")),
    str(_("sayings", "lower its set point")),
    str(_("sayings", "move the rack, or the tiles")),
    str(_("sayings", "add air, or wait for the settled picture")),
    str(_("sayings", "add the difference to the error")),
    str(_("sayings", "draw a ceiling plenum, or put an in-row unit into it")),
    str(_("sayings", "take it as the error of every inlet")),
    str(_("sayings", "take means over rows, not single racks; larger cells and contained aisles settle sooner")),
    str(_("sayings", "wait for the settled picture")),
    str(_("sayings", "wait for the settled picture, or contain")),
    str(_("sayings", "wait for the settled picture, or contain the aisle")),
)

EVENTS: tuple[str, ...] = (
    str(_("sayings", "failed")),
    str(_("sayings", "repaired")),
    str(_("sayings", "{part_word} failed")),
    str(_("sayings", "{part_word} repaired")),
    str(_("sayings", "module failed, {up} of {n} work")),
    str(_("sayings", "module repaired, {up} of {n} work")),
    str(_("sayings", "has power again")),
    str(_("sayings", "lost power")),
    str(_("sayings", "switched itself off: too hot")),
    str(_("sayings", "{n} requests begin again elsewhere")),
    str(_("sayings", "{n} requests are lost")),
    str(_("sayings", "inlet {inlet} °C is above the limit of servers here: clocks fall")),
    str(_("sayings", "inlet {inlet} °C, full clocks again")),
    str(_("sayings", "inlet {inlet} °C, A1 limit {limit} °C")),
    str(_("sayings", "inlet {inlet} °C, recommended {limit} °C")),
    str(_("sayings", "no cap any more")),
    str(_("sayings", "no more than {limit} kW")),
    str(_("sayings", "{now} kW, cap {limit} kW: clocks at {clock} % of nominal")),
    str(_("sayings", "{now} kW, cap {limit} kW: not held even at {clock} % of the clock")),
    str(_("sayings", "chips at {chip} °C, full clocks again")),
    str(_("sayings", "chips at {chip} °C: clocks fall")),
    str(_("sayings", "chips at {chip} °C: clocks fall, {span} s after {cause}")),
    str(_("sayings", "chips at {chip} °C: servers switch themselves off")),
    str(_("sayings", "chips at {chip} °C: servers switch themselves off, {span} s after {cause}")),
    str(_("sayings", "more flows again, cooled by its water")),
    str(_("sayings", "{cause}: no chip gets too hot within ten minutes at this heat")),
    str(_("sayings", "{cause}: at this heat chips of {rack} throttle in {span} s and {end}")),
    str(_("sayings", "full again")),
    str(_("sayings", "gave {short} kJ it did not have, as its load rose within a pulse; shorten pulse_s")),
    str(_("sayings", "has its input again")),
    str(_("sayings", "in eco mode again")),
    str(_("sayings", "its load has no power unless fed twice")),
    str(_("sayings", "lost its input, {charge} charged")),
    str(_("sayings", "{share} of {rated} kW, curve {curve}")),
    str(_("sayings", "{share} of {rated} kW: gives up, on its bypass if it has input")),
    str(_("sayings", "carries {load} kW, rated {limit} kW")),
    str(_("sayings", "batteries give nothing any more")),
    str(_("sayings", "batteries give {given} kW")),
    str(_("sayings", "gives no power")),
    str(_("sayings", "not needed any more")),
    str(_("sayings", "ready in {span} s")),
    str(_("sayings", "runs at speed and takes load")),
    str(_("sayings", "takes {source} after {gap}")),
    str(_("sayings", "every swing of {step} kW, it bears {bears} kW")),
    str(_("sayings", "a step of {step} kW, it bears {bears} kW")),
    str(_("sayings", "peaks at {peak} kW every swing, mean {load} kW, rated {limit} kW")),
    str(_("sayings", "swings by {step} kW within {span} s, it bears {bears} kW")),
    str(_("sayings", "{name}: replica {slot} sleeps; {up} of {n} awake")),
    str(_("sayings", "{name}: replica {slot} is ready; {up} of {n} awake")),
    str(_("sayings", "{name}: replica {slot} wakes and is ready in {span} s; {up} of {n} awake")),
)

PIECES: tuple[str, ...] = (
    str(_("sayings", "{list} and {n} more")),
    str(_("sayings", "{side} at {node}")),
    str(_("sayings", "{side} at {node} and {side2} at {node2}")),
    str(_("sayings", "switch off in {span} s")),
    str(_("sayings", "do not switch off within ten minutes")),
    str(_("sayings", "no coolant flows")),
    str(_("sayings", "coolant flows and no water cools it")),
    str(_("sayings", "less coolant flows")),
    str(_("sayings", "in front")),
    str(_("sayings", "behind")),
    str(_("sayings", "air coolers")),
    str(_("sayings", "chillers")),
    str(_("sayings", "heat rejection units")),
    str(_("sayings", "wall")),
    str(_("sayings", "column")),
    str(_("sayings", "rack")),
    str(_("sayings", "cooler")),
    str(_("sayings", "power node")),
    str(_("sayings", "loop")),
    str(_("sayings", "row")),
    str(_("sayings", "transformer")),
    str(_("sayings", "switchboard")),
    str(_("sayings", "busway")),
    str(_("sayings", "ups")),
    str(_("sayings", "utility")),
    str(_("sayings", "generator")),
    str(_("sayings", "ats")),
    str(_("sayings", "sts")),
    str(_("sayings", "rpp")),
    str(_("sayings", "rack_pdu")),
    str(_("sayings", "rectifier")),
    str(_("sayings", "breaker")),
    str(_("sayings", "battery")),
    str(_("sayings", "switch")),
    str(_("sayings", "pdu")),
)


def said(text: str) -> str:
    """A sentence of the engine in the language of the window."""
    return text if language.current() == "en" else _put(text, False, language.current())


@lru_cache(maxsize=4096)
def _put(text: str, is_part: bool, code: str) -> str:
    for template, pattern in _patterns(is_part):
        found = pattern.fullmatch(text)
        if found is not None:
            words = QCoreApplication.translate("sayings", template)
            values = found.groupdict()
            for name in (name for name in values if name in PARTS or name.endswith("_word")):
                values[name] = _put(values[name], True, code)
            return words.format(**values)
    return text


@cache
def _patterns(is_part: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates of whole sentences, or of their parts, with their patterns; those with the most fixed letters first."""
    every = PIECES if is_part else (*FINDINGS, *HINTS, *EVENTS)
    return tuple((one, _pattern(one)) for one in sorted(every, key=_n_fixed, reverse=True))


def _n_fixed(template: str) -> int:
    return len(re.sub(r"\{\w+\}", "", template))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    return re.compile("".join(f"(?P<{part[1:-1]}>.+?)" if part.startswith("{") else re.escape(part) for part in parts))
