"""What the window remembers between starts: theme, language, recent files, its size and where its docks are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ui import theme

RECENT_MOST = 8


class Settings:
    """Values in one ini file; without a file, nothing is kept after the program ends.

    `state_dir` is where unsaved work is kept; without one it is not.
    """

    def __init__(self, file: Path | None = None, state_dir: Path | None = None) -> None:
        self.state_dir = state_dir
        self._store = QSettings(str(file), QSettings.Format.IniFormat) if file else None

    @property
    def theme_name(self) -> str:
        """Name of the theme chosen last."""
        name = str(self._store.value("theme", "dark")) if self._store else "dark"
        return name if name in theme.NAMES else "dark"

    @theme_name.setter
    def theme_name(self, name: str) -> None:
        self._set("theme", name)

    @property
    def language(self) -> str:
        """Code of the language chosen in the menu; empty: that of the desktop."""
        return str(self._store.value("language", "")) if self._store else ""

    @language.setter
    def language(self, code: str) -> None:
        self._set("language", code)

    @property
    def recent(self) -> list[Path]:
        """Files opened last that still exist, newest first."""
        found = self._store.value("recent", []) if self._store else []
        names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return [Path(name) for name in names if Path(name).is_file()]

    def add_recent(self, file: Path) -> None:
        """Put a file first."""
        names = [str(file.resolve()), *(str(old) for old in self.recent if old != file.resolve())]
        self._set("recent", names[:RECENT_MOST])

    def bytes_of(self, key: str) -> QByteArray:
        """A stored state of Qt; empty when there is none."""
        found = self._store.value(key) if self._store else None
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_bytes(self, key: str, value: QByteArray) -> None:
        """Store a state of Qt."""
        self._set(key, value)

    def _set(self, key: str, value: object) -> None:
        if self._store:
            self._store.setValue(key, value)
