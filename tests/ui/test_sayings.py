"""The engine's sentences in Korean: every one a finding or an event can say is known, and keeps its figures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.check import check
from twin.layout.store import load_layout
from ui import language
from ui.sayings import said

FIGURE = "7"


@pytest.fixture(autouse=True)
def korean(qapp) -> Iterator[None]:
    language.install(qapp, "ko")
    yield
    language.install(qapp, "en")


def examples(expression: ast.expr, scope: ast.FunctionDef) -> list[str]:
    """What an expression of text may say, with 7 for every figure; nothing where other functions write it."""
    if isinstance(expression, ast.Constant):
        return [str(expression.value)]
    if isinstance(expression, ast.IfExp):
        return examples(expression.body, scope) + examples(expression.orelse, scope)
    if isinstance(expression, ast.JoinedStr):
        return ["".join(parts) for parts in product(*(examples(part, scope) for part in expression.values))]
    if isinstance(expression, ast.FormattedValue):
        return examples(expression.value, scope) if isinstance(expression.value, ast.Name) else [FIGURE]
    if isinstance(expression, ast.Name):
        values = [
            node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == expression.id for t in node.targets)
        ]
        texts = [value for value in values if isinstance(value, (ast.Constant, ast.IfExp, ast.JoinedStr))]
        return [text for value in texts for text in examples(value, scope)] or [FIGURE]
    return [FIGURE]


def sentences(file: Path) -> Iterator[str]:
    """What the findings and events of a module say."""
    for scope in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(scope, ast.FunctionDef):
            continue
        for call in ast.walk(scope):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name == "Finding":
                said_by = call.args[3:5]
            elif name in ("_note", "note") or (name == "_crossed" and len(call.args) > 4):
                said_by = call.args[3:4]
            else:
                continue
            for expression in said_by:
                yield from examples(expression, scope)


def test_every_sentence_of_findings_and_events_is_known(repo_dir: Path):
    twin = repo_dir / "twin"
    files = [*(twin / "layout").rglob("*.py"), *(twin / "plant").glob("airflow*.py"), *(twin / "sim").rglob("*.py")]
    every = {text for file in files for text in sentences(file)} - {FIGURE}
    # Their last words come from functions, and stand in the test below.
    pieced = ("7 7", "7: 7", "7 failed7", "7 repaired7", "chips at 7 °C: ")
    pieced += ("swings by 7 kW within 7 s, it bears ", "7: replica 7 7; ")
    unknown = sorted(text for text in every if said(text) == text and not text.startswith(pieced))
    assert len(every) > 130
    assert unknown == [], "add their templates to ui/sayings.py, then run packaging/languages.py update"


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        (
            "would carry 104.0 kW (104%) if UPS-A fails, it is rated 100.0 kW",
            "UPS-A 고장 시 부하 104.0 kW(104%), 정격 100.0 kW",
        ),
        ("has 0.82 m free in front, up to C2, 0.90 m are needed", "전면 이격 0.82 m(C2까지), 필요 0.90 m"),
        (
            "claims 2N, but S1 hangs on 1 node (A at P1 and B at P1), 2 are needed",
            "이중화 2N 지정, S1 급전원 1개(A: P1, B: P1), 2개 필요",
        ),
        (
            "feeds 9 racks that claim two paths by both of them "
            "(A1, A2, A3, A4 and 5 more); 0 shared nodes are allowed",
            "이중화 랙 9대의 두 경로가 모두 거쳐 감(A1, A2, A3, A4 외 5개), 공유 설비 0개만 허용",
        ),
        (
            "no coolant flows: at this heat chips of A1 throttle in 41.2 s and switch off in 63.0 s",
            "냉각액 정지: 현재 발열로 A1 칩은 41.2 s 뒤 클럭 제한, 63.0 s 뒤 차단",
        ),
        (
            "less coolant flows: no chip gets too hot within ten minutes at this heat",
            "냉각액 유량 감소: 현재 발열로는 10분 안에 과열되는 칩 없음",
        ),
        (
            "chips at 91.0 °C: clocks fall, 12.0 s after no coolant flows",
            "칩 91.0 °C: 클럭 하락, 원인(냉각액 정지) 발생 12.0 s 뒤",
        ),
        ("module failed, 3 of 4 work", "모듈 고장, 4개 중 3개 동작"),
        ("battery failed", "축전지 고장"),
        ("swings by 40.0 kW within 0.1 s, it bears 30.0 kW", "0.1 s 안에 40.0 kW 변동, 허용 30.0 kW"),
        ("chat: replica 3 sleeps; 2 of 4 awake", "chat: 복제본 3 절전, 4개 중 2개 동작"),
        ("a plug-in's own words at 5 kW", "a plug-in's own words at 5 kW"),
    ],
)
def test_figures_and_names_stand_in_korean_word_order(english, expected):
    assert said(english) == expected


def test_no_finding_of_the_shipped_layouts_is_left_in_english(layouts_dir: Path):
    catalogue = shipped_catalogue()
    left = set()
    for file in sorted(layouts_dir.glob("*.layout.json")):
        for finding in check(load_layout(file), catalogue):
            left |= {text for text in (finding.what, finding.hint) if text and said(text) == text}
    assert left == set()


def test_in_english_a_sentence_stays_as_the_engine_wrote_it(qapp):
    language.install(qapp, "en")
    assert said("lost power") == "lost power"


def test_the_error_of_settled_air_is_told_in_korean():
    from twin.plant.airflow_trust import SETTLED_ERROR

    assert said(SETTLED_ERROR) != SETTLED_ERROR
