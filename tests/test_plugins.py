"""Parts are found by name whether they are built in, installed with the project, or from another package."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin import plugins
from twin.errors import DocumentError


@pytest.fixture(autouse=True)
def _forget_found_parts() -> Iterator[None]:
    """Every test looks the registered parts up anew."""
    plugins._entries.cache_clear()
    yield
    plugins._entries.cache_clear()


def install(folder: Path, name: str, entries: str, code: str = "") -> None:
    """Lay a package out as pip would: its code, and the metadata that registers its parts."""
    (folder / f"{name}.py").write_text(code)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{plugins.ROUTERS}]\n{entries}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path to install packages into."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_built_in_parts_are_those_pyproject_registers(repo_dir: Path) -> None:
    project = tomllib.loads((repo_dir / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"] == plugins.BUILT_IN


@pytest.mark.parametrize("installed", [True, False])
def test_built_in_parts_are_found_with_and_without_being_installed(
    installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setattr(plugins, "entry_points", lambda group: ())
    for group, parts in plugins.BUILT_IN.items():
        assert set(parts) <= set(plugins.names(group))
        for name, value in parts.items():
            module, _, attribute = value.partition(":")
            part = plugins.find(group, name)
            assert (part.__module__, part.__name__) == (module, attribute)  # type: ignore[attr-defined]


def test_a_part_of_another_package_is_found_by_its_name(site: Path) -> None:
    install(site, "acme_routers", "acme = acme_routers:Nearest", "class Nearest:\n    pass\n")
    assert "acme" in plugins.names(plugins.ROUTERS)
    assert plugins.find(plugins.ROUTERS, "acme").__name__ == "Nearest"  # type: ignore[attr-defined]
    del sys.modules["acme_routers"]


def test_two_packages_with_one_name_are_both_told_of(site: Path) -> None:
    install(site, "acme_routers", "near = acme_routers:Nearest")
    install(site, "other_routers", "near = other_routers:Near")
    with pytest.raises(DocumentError) as caught:
        plugins.names(plugins.ROUTERS)
    assert "acme_routers:Nearest" in str(caught.value)
    assert "other_routers:Near" in str(caught.value)


def test_a_misspelt_name_is_told_the_nearest_one_and_its_place(site: Path) -> None:
    install(site, "acme_routers", "acme_nearest = acme_routers:Nearest")
    with pytest.raises(DocumentError) as caught:
        plugins.find(plugins.ROUTERS, "acme_neerest", "chat.yaml workloads[0].router")
    assert caught.value.where == "chat.yaml workloads[0].router"
    assert caught.value.hint == "did you mean 'acme_nearest'?"


def test_an_import_path_in_a_document_is_not_followed(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="nothing is registered"):
        plugins.find(plugins.ROUTERS, "os:system")


@pytest.mark.parametrize("value", ["acme_broken:Missing", "acme_gone:Nearest"])
def test_a_broken_package_is_named(value: str, site: Path) -> None:
    install(site, "acme_broken", f"acme = {value}")
    with pytest.raises(DocumentError, match="cannot be loaded") as caught:
        plugins.find(plugins.ROUTERS, "acme")
    assert "'acme_broken'" in caught.value.hint
