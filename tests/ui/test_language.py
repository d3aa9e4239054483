"""The window in Korean: nothing left in English that has a Korean word, nothing lost, and the choice is kept."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel

from tests.ui import fake_engine
from twin.catalogue.library import shipped_catalogue
from ui import language, words
from ui.settings import Settings
from ui.window import MainWindow


@pytest.fixture(scope="module")
def languages(repo_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("languages", repo_dir / "packaging" / "languages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def korean(qapp) -> Iterator[None]:
    language.install(qapp, "ko")
    yield
    language.install(qapp, "en")


def test_every_text_is_translated_with_its_placeholders_and_compiled(languages):
    assert languages.check() == [], "run `python packaging/languages.py update`, then `missing` and `fill`"


def test_a_lost_placeholder_and_an_old_compiled_file_are_noticed(languages, tmp_path, monkeypatch):
    copy = tmp_path / "twin_ko.ts"
    copy.write_bytes(languages.TS_FILE.read_bytes().replace("{name} 열기".encode(), "열기".encode()))
    copy.with_suffix(".qm").write_bytes(languages.TS_FILE.with_suffix(".qm").read_bytes())
    monkeypatch.setattr(languages, "TS_FILE", copy)
    kinds = {line.partition(":")[0] for line in languages.check()}
    assert kinds == {"placeholders differ", "compiled file is older"}


def test_texts_are_found_in_every_form_they_are_marked_in(languages, tmp_path, monkeypatch):
    file = tmp_path / "part.py"
    file.write_text(
        "def _tr(text):\n    return QCoreApplication.translate('short', text)\n"
        "class Panel:\n    def a(self):\n        self.tr('one' if self else 'two')\n        _tr('three')\n"
        "        self.bar.tr('lost')\n        self.tr(f'{self} glued')\n"
        "_ = QT_TRANSLATE_NOOP\nTABLE = [_('table', 'four')]\n"
    )
    monkeypatch.setattr(languages, "ROOT", tmp_path)
    texts = languages.Texts(file)
    assert list(texts.found) == [("Panel", "one"), ("Panel", "two"), ("short", "three"), ("table", "four")]
    assert [line.split(": ")[0] for line in texts.mistakes] == ["part.py:7", "part.py:8"]


def test_menus_docks_and_qts_own_buttons_speak_korean(qtbot, korean, tmp_path):
    window = MainWindow(shipped_catalogue(), Settings(tmp_path / "window.ini"), fake_engine.serve)
    qtbot.addWidget(window)
    assert [action.text() for action in window.header.menu.actions()][:2] == ["파일(&F)", "편집(&E)"]
    assert window.actions_["language_en"].text() == "English"
    assert window.actions_["language_ko"].isChecked()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"
    texts = [label.text() for label in window.findChildren(QLabel)]
    assert {"장비", "속성", "점검 결과"} <= set(texts)


def test_no_english_word_is_left_on_the_labels_of_the_window(qtbot, korean, tmp_path):
    window = MainWindow(shipped_catalogue(), Settings(tmp_path / "window.ini"), fake_engine.serve)
    qtbot.addWidget(window)
    same_in_both = {"Cloud", "Twin", "English", "Ctrl", "TTFT", "TPOT", "PUE", "IT", "NPU", "GPU", "Tab", "Space"}
    shown = [label.text() for label in window.findChildren(QLabel)] + [a.text() for _, a in window.actions_.listed()]
    left = {word for text in shown for word in re.findall(r"[A-Za-z]{3,}", text)}
    assert left <= same_in_both


def test_a_language_chosen_in_the_menu_is_for_the_next_start_and_says_so(qtbot, tmp_path):
    settings = Settings(tmp_path / "window.ini")
    window = MainWindow(shipped_catalogue(), settings, fake_engine.serve)
    qtbot.addWidget(window)
    window.actions_["language_ko"].trigger()
    assert window.actions_["language_ko"].isChecked()
    assert not window.actions_["language_en"].isChecked()
    assert any("한국어" in label.text() for label in window.message.findChildren(QLabel))
    assert language.chosen("", Settings(tmp_path / "window.ini").language) == "ko"


@pytest.mark.parametrize(
    ("option", "setting", "desktop", "expected"),
    [("en", "ko", "ko_KR", "en"), ("", "ko", "en_US", "ko"), ("", "", "ko_KR", "ko"), ("", "", "de_DE", "en")],
)
def test_the_start_option_goes_before_the_setting_and_that_before_the_desktop(
    option, setting, desktop, expected, monkeypatch
):
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(desktop))
    assert language.chosen(option, setting) == expected


def test_numbers_and_units_are_the_same_in_korean(korean):
    from ui import format as fmt

    assert fmt.WATT.text(123456.0) == "123 kW"
    assert fmt.clock_and_day(3600.0) == "01:00:00, 1일차"


def test_without_korean_letters_the_window_would_not_try(monkeypatch):
    monkeypatch.setattr(QFontDatabase, "families", lambda _system: [])
    assert not language.has_letters("ko")
    assert language.has_letters("en")


def test_every_rule_of_a_drawing_has_a_title(repo_dir):
    code = re.compile(r"(airflow|cooling|layout|liquid|network|power|rack|space|trust)\.[a-z_]+")
    files = [*(repo_dir / "twin" / "layout").rglob("*.py"), *(repo_dir / "twin" / "plant").glob("airflow*.py")]
    used = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and code.fullmatch(node.value)
    }
    assert len(used) > 50
    assert used <= set(words.RULES)


def test_every_event_the_engine_writes_has_words(repo_dir):
    used = set()
    for file in (repo_dir / "twin" / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("_note", "note", "_crossed"):
                used |= {a.value for a in node.args if isinstance(a, ast.Constant) and "." in str(a.value)}
    kinds = {text for text in used if re.fullmatch(r"[a-z]+\.[a-z_]+", str(text))}
    assert len(kinds) > 25
    assert kinds <= set(words.EVENT_KINDS)


def test_codes_become_words_and_unknown_ones_stay(korean):
    assert words.event_kind("breaker.tripped") == "차단기 트립"
    assert words.event_kind("cooler.failed") == "고장"
    assert words.event_kind("mine.own") == "mine.own"
    assert words.rule("power.failover") == "절체 후 부하"


def test_every_field_of_a_layout_has_a_word():
    from pydantic import BaseModel

    from twin.layout import model, room
    from ui.panels.differences import field_words

    fields = {
        name
        for module in (model, room)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.__name__
        for name in kind.model_fields
    }
    assert len(fields) > 60
    assert {field_words(name) for name in fields} <= set(words.FIELDS)


def test_a_changed_field_is_named_in_korean(korean):
    from ui.panels.differences import field_words

    assert field_words("supply_c") == "공급"
    assert field_words("feeds.A") == "급전 A"
