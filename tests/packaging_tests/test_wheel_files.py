"""What a wheel carries: every folder of sheets, tables and examples, and no package called packaging."""

from __future__ import annotations

import tomllib
from pathlib import Path

# Pictures for the README are for people who have the checkout.
NOT_SHIPPED = {"assets/screens"}


def test_every_folder_of_assets_and_layouts_is_listed_for_the_wheel(repo_dir: Path) -> None:
    tools = tomllib.loads((repo_dir / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    listed = tools["setuptools"]["data-files"]
    for top in ("assets", "layouts"):
        folders = {file.parent.relative_to(repo_dir).as_posix() for file in (repo_dir / top).rglob("*.*")}
        for folder in sorted(folders - NOT_SHIPPED):
            assert listed.get(f"share/kcloud-twin/{folder}") == [f"{folder}/*.*"], f"add {folder} to pyproject.toml"


def test_packaging_is_no_package(repo_dir: Path) -> None:
    assert not (repo_dir / "packaging" / "__init__.py").exists(), "it would shadow the library of that name"
