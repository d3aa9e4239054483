"""Keeps the window's translations: `python packaging/languages.py update | missing | fill FILE | release | check`.

`update` takes new texts from ui/ into assets/i18n/twin_ko.ts and drops old ones, `missing` prints what still has to be
translated as JSON, `fill` takes that JSON back with its blanks filled, `release` compiles the .qm the window loads, and
`check` says all that is wrong. Texts are found by reading the code, because lupdate knows neither short forms such as
`_tr("…")` nor the class a module-level function speaks for; merging and compiling are Qt's own lupdate and lrelease.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TS_FILE = ROOT / "assets" / "i18n" / "twin_ko.ts"
MARKS = ("translate", "QT_TRANSLATE_NOOP", "_")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%n|%L?\d+")

Key = tuple[str, str]
"""Context and English text."""


class Texts(ast.NodeVisitor):
    """Every text of one module that is marked for translation, and the marks that cannot be read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[Key, None] = {}
        self.mistakes: list[str] = []
        self._classes: list[str] = []
        tree = ast.parse(file.read_text(encoding="utf-8"))
        self._wrappers = dict(filter(None, map(_wrapper, ast.walk(tree))))
        self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if name == "tr" and node.args:
            if owner != "self" or not self._classes:
                self._wrong(node, "tr() of another object: use QCoreApplication.translate(context, text)")
                return
            self._take(self._classes[-1], node.args[0])
        elif name in self._wrappers and len(node.args) == 1:
            self._take(self._wrappers[name], node.args[0])
        elif name in MARKS and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
            self._take(str(node.args[0].value), node.args[1])

    def _take(self, context: str, text: ast.expr) -> None:
        for part in (text.body, text.orelse) if isinstance(text, ast.IfExp) else (text,):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                self.found[context, part.value] = None
            elif isinstance(part, (ast.JoinedStr, ast.BinOp)):
                self._wrong(part, "a text put together before it is translated: translate a template, then fill it")

    def _wrong(self, node: ast.expr, what: str) -> None:
        self.mistakes.append(f"{self.file.relative_to(ROOT)}:{node.lineno}: {what}")


def _wrapper(node: ast.AST) -> tuple[str, str] | None:
    """Name and context of a function that does nothing but translate its only argument."""
    if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 1 or not isinstance(node.body[-1], ast.Return):
        return None
    call = node.body[-1].value
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("translate") or len(call.args) != 2:
        return None
    context, text = call.args
    is_plain = isinstance(context, ast.Constant) and getattr(text, "id", "") == node.args.args[0].arg
    return (node.name, str(context.value)) if is_plain else None  # type: ignore[attr-defined]


def gathered() -> tuple[list[Key], list[str]]:
    """Every text in ui/ with its context, and what stands in the way of translating others."""
    found: dict[Key, None] = {}
    mistakes: list[str] = []
    for file in sorted((ROOT / "ui").rglob("*.py")):
        texts = Texts(file)
        found |= texts.found
        mistakes += texts.mistakes
    return sorted(found), mistakes


def messages() -> dict[Key, str]:
    """The translations in the .ts file, empty where there is none yet."""
    return {key: translation.text or "" for key, translation in _entries(ElementTree.parse(TS_FILE))}


def _entries(tree: ElementTree.ElementTree) -> Iterator[tuple[Key, ElementTree.Element]]:
    for context in tree.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None:
                yield (context.findtext("name", ""), message.findtext("source", "")), translation


def update() -> None:
    """Bring the .ts file up to what the code says now; translations of unchanged texts stay."""
    lines = [f"QCoreApplication.translate({context!r}, {json.dumps(text)})\n" for context, text in gathered()[0]]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.py"
        source.write_text("".join(lines), encoding="utf-8")
        options = ("-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", "ko_KR")
        _run("pyside6-lupdate", str(source), "-ts", str(TS_FILE), *options)


def release() -> None:
    """Compile the .ts file into the .qm file beside it."""
    _run("pyside6-lrelease", str(TS_FILE), "-qm", str(TS_FILE.with_suffix(".qm")))


def fill(filled: dict[str, dict[str, str]]) -> int:
    """Put translations into the .ts file; how many were taken."""
    tree = ElementTree.parse(TS_FILE)
    n_taken = 0
    for (context, source), translation in _entries(tree):
        words = filled.get(context, {}).get(source, "")
        if words and (words != translation.text or "type" in translation.attrib):
            translation.text = words
            translation.attrib.pop("type", None)
            n_taken += 1
    tree.write(TS_FILE, encoding="utf-8", xml_declaration=True)
    update()  # Qt's own way of writing the file, so that differences stay small
    return n_taken


def _run(tool: str, *arguments: str) -> None:
    beside = Path(sys.executable).parent / tool
    command = [str(beside) if beside.exists() else tool, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tool} failed: {done.stderr or done.stdout}")


def missing() -> dict[str, dict[str, str]]:
    """Texts of the code without a Korean one, by context, each with an empty place for it."""
    known = messages()
    found: dict[str, dict[str, str]] = {}
    for context, source in gathered()[0]:
        if not known.get((context, source)):
            found.setdefault(context, {})[source] = ""
    return found


def check() -> list[str]:
    """What is wrong: unreadable marks, texts not translated or gone, lost placeholders, a .qm older than its .ts."""
    keys, mistakes = gathered()
    known = messages()
    for context, texts in missing().items():
        mistakes += [f"not translated: {context}: {text!r}" for text in texts]
    mistakes += [f"no longer used: {context}: {text!r}" for context, text in known if (context, text) not in set(keys)]
    for (context, source), translation in known.items():
        if translation and sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translation)):
            mistakes.append(f"placeholders differ: {context}: {source!r} -> {translation!r}")
    return mistakes + stale(known)


def stale(known: dict[Key, str]) -> list[str]:
    """Where the compiled file says something else than its source."""
    from PySide6.QtCore import QTranslator

    compiled = QTranslator()
    if not compiled.load(str(TS_FILE.with_suffix(".qm"))):
        return [f"{TS_FILE.with_suffix('.qm').name} cannot be read: run release"]
    return [
        f"compiled file is older: {context}: {source!r}"
        for (context, source), translation in known.items()
        if translation and (compiled.translate(context, source) or "") != translation
    ]


def main(argv: list[str]) -> int:
    """Do one of the five."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("update", "missing", "fill", "release", "check"))
    parser.add_argument("file", nargs="?", type=Path, help="for fill: JSON as printed by missing")
    options = parser.parse_args(argv)
    if options.verb == "check":
        mistakes = check()
        sys.stdout.write("".join(f"{line}\n" for line in mistakes) or "all texts are translated\n")
        return 1 if mistakes else 0
    if options.verb == "missing":
        sys.stdout.write(json.dumps(missing(), ensure_ascii=False, indent=1) + "\n")
    elif options.verb == "fill":
        n_taken = fill(json.loads(options.file.read_text(encoding="utf-8")))
        release()
        sys.stdout.write(f"{n_taken} texts filled in\n")
    elif options.verb == "update":
        update()
        release()
        n_open = sum(map(len, missing().values()))
        sys.stdout.write(f"{len(messages())} texts, {n_open} without translation\n")
    else:
        release()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
