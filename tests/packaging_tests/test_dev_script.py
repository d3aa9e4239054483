"""The set-up script: readable by an old Python, quiet when nothing changed, exact about what it cannot do itself."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Calls = list[list[str]]


@pytest.fixture
def dev(repo_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, working on an empty folder of its own."""
    spec = importlib.util.spec_from_file_location("kcloud_dev_script", repo_dir / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(module, "missing_packages", lambda refresh=False: [])
    return module


@pytest.fixture
def pip_calls(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the script asks pip for; installing Qt fails when `no_qt` stands in the folder."""
    calls: Calls = []

    def call(command: list[str], **_: object) -> int:
        calls.append(command)
        return int("gui" in command[-1] and (dev.ROOT / "no_qt").exists())

    def make() -> list[str]:
        dev.VENV.mkdir(exist_ok=True)
        return ["pip"]

    monkeypatch.setattr(dev, "make_environment", make)
    monkeypatch.setattr(dev, "environment_python", lambda: "3.11.2" if dev.VENV.is_dir() else "")
    monkeypatch.setattr(dev.subprocess, "call", call)
    return calls


def test_python_3_6_can_read_the_script(repo_dir: Path) -> None:
    text = (repo_dir / "packaging" / "dev.py").read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]


def test_the_script_needs_the_standard_library_only(repo_dir: Path) -> None:
    tree = ast.parse((repo_dir / "packaging" / "dev.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_help_works_without_any_environment_variable(repo_dir: Path) -> None:
    command = [sys.executable, str(repo_dir / "packaging" / "dev.py"), "--help"]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "run" in done.stdout
    assert "test" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="PATH is never unset on Windows")
def test_a_python_started_without_path_is_found_all_the_same(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    monkeypatch.setattr(dev.sys, "executable", "")
    monkeypatch.setattr(dev, "DEFAULT_PATH", str(Path(sys.prefix) / "bin"))
    assert dev.own_python() == str(Path(sys.prefix) / "bin" / name)


def test_packaging_folder_does_not_shadow_the_library_of_that_name(repo_dir: Path) -> None:
    command = [sys.executable, "-c", "import packaging.version as v; print(v.__file__)"]
    done = subprocess.run(command, cwd=repo_dir, capture_output=True, text=True, check=True)
    assert not done.stdout.startswith(str(repo_dir / "packaging"))


def test_second_run_installs_nothing(dev: ModuleType, pip_calls: Calls) -> None:
    assert dev.prepare() == "gui,test"
    assert len(pip_calls) == 1
    assert dev.prepare() == "gui,test"
    assert len(pip_calls) == 1


@pytest.mark.parametrize("change", ["pyproject", "python", "folder"])
def test_a_changed_origin_installs_again(
    change: str, dev: ModuleType, pip_calls: Calls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dev.prepare()
    if change == "pyproject":
        (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    elif change == "python":
        monkeypatch.setattr(dev, "environment_python", lambda: "3.99.0")
    else:
        moved = tmp_path / "moved"
        moved.mkdir()
        (tmp_path / "pyproject.toml").rename(moved / "pyproject.toml")
        monkeypatch.setattr(dev, "ROOT", moved)
    dev.prepare()
    assert len(pip_calls) == 2


@pytest.mark.skipif(os.name != "posix", reason="stands in for Python with a shell script")
@pytest.mark.parametrize(("script", "version"), [("echo 3.12.1", "3.12.1"), ("echo", ""), ("exit 1", ""), ("", "")])
def test_an_environment_whose_python_is_gone_or_too_old_counts_as_none(
    script: str, version: str, dev: ModuleType
) -> None:
    python = dev.bin_file("python")
    python.parent.mkdir(parents=True)
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    assert dev.environment_python() == version


def test_a_platform_without_qt_wheels_still_gets_the_engine(dev: ModuleType, pip_calls: Calls, tmp_path: Path) -> None:
    (tmp_path / "no_qt").touch()
    assert dev.prepare() == "test"
    assert [command[-1] for command in pip_calls] == [".[gui,test]", ".[test]"]
    assert dev.prepare() == "test"
    assert len(pip_calls) == 2
    assert "no build for this platform" in dev.no_window_reason("test")


def test_a_failed_installation_leaves_no_stamp(
    dev: ModuleType, pip_calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.subprocess, "call", lambda command, **_: 1)
    with pytest.raises(SystemExit, match="installation failed"):
        dev.prepare()
    assert not dev.STAMP.exists()


def test_outer_pip_fills_an_environment_that_cannot_have_its_own(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "starts", lambda command: "--python" in command)
    assert dev.pip_command() == [sys.executable, "-m", "pip", "--python", str(dev.bin_file("python"))]


def test_no_pip_at_all_names_the_line_to_type(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "environment_python", str)
    monkeypatch.setattr(dev, "starts", lambda command: False)
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="sudo apt-get install -y python3-venv python3-pip"):
        dev.make_environment()


def test_renamed_packages_are_asked_for_under_their_newer_name(dev: ModuleType) -> None:
    known = {"libglib2.0-0t64", "libgl1", "fonts-inter"}
    assert dev.absent(("libglib2.0-0", "libgl1"), set(), known) == ["libglib2.0-0t64", "libgl1"]


def test_packages_there_under_either_name_are_not_asked_for(dev: ModuleType) -> None:
    assert dev.absent(("libglib2.0-0", "libgl1"), {"libglib2.0-0t64", "libgl1"}, set()) == []


def test_a_package_this_release_does_not_have_does_not_spoil_the_rest(dev: ModuleType) -> None:
    assert dev.absent(("libgl1", "fonts-inter"), set(), {"libgl1"}) == ["libgl1"]


def test_without_package_lists_the_plain_names_are_used(dev: ModuleType) -> None:
    assert dev.absent(("libglib2.0-0",), set(), set()) == ["libglib2.0-0"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="display variables are a matter of X11 and Wayland")
def test_no_display_variable_means_headless_with_the_reason(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in dev.no_window_reason("gui,test")


def recorder(started: Calls) -> Callable[..., int]:
    """A stand-in for starting a child, which always ends well."""

    def call(command: list[str], **_: str) -> int:
        started.append(command)
        return 0

    return call


def probe_answering(text: str, status: int) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """A stand-in for the child that tries to open a window."""
    out, err = (text, "") if status == 0 else ("", text)
    return lambda *_, **__: subprocess.CompletedProcess([], status, out.encode(), err.encode())


def test_a_working_display_opens_the_window(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(dev.subprocess, "run", probe_answering("xcb\n", 0))
    assert dev.no_window_reason("gui,test") == ""


def test_an_invisible_platform_does_not_count_as_a_window(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(dev.subprocess, "run", probe_answering("offscreen\n", 0))
    assert "offscreen" in dev.no_window_reason("gui,test")


def test_a_qt_that_aborts_is_quoted(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "noise\nImportError: libGL.so.1: cannot open shared object file\n"
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(dev.subprocess, "run", probe_answering(text, 134))
    assert dev.no_window_reason("gui,test").endswith("libGL.so.1: cannot open shared object file")


@pytest.mark.parametrize(("reason", "verb"), [("", "ui"), ("there is no display", "run")])
def test_the_scenario_opens_in_the_window_or_runs_headless(
    reason: str, verb: str, dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: Calls = []
    monkeypatch.setattr(dev, "prepare", lambda: "gui,test")
    monkeypatch.setattr(dev, "no_window_reason", lambda extras: reason)
    monkeypatch.setattr(dev, "missing_packages", lambda: ["libgl1"])
    monkeypatch.setattr(dev, "call", recorder(started))
    assert dev.main(["run"]) == 0
    scenario = dev.ROOT / "layouts" / "scenarios" / "small_room_chat.yaml"
    assert started[0][1:] == ["-m", "twin", verb, str(scenario)]
    said = capsys.readouterr().out
    assert ("without a window: there is no display" in said) == (verb == "run")
    assert ("sudo apt-get install -y libgl1" in said) == (verb == "run")


def test_every_check_runs_even_after_one_fails(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[str] = []

    def call(command: list[str], **changes: str) -> int:
        assert changes["QT_QPA_PLATFORM"] == "offscreen"
        assert changes["OMP_NUM_THREADS"] == "1"
        started.append(" ".join(command))
        return int("format" in command)

    monkeypatch.chdir(dev.ROOT)
    monkeypatch.setattr(dev, "prepare", lambda: "gui,test")
    monkeypatch.setattr(dev, "probe_qt", lambda **_: ("offscreen", ""))
    monkeypatch.setattr(dev, "call", call)
    assert dev.main(["test"]) == 1
    for part in (
        "ruff check",
        "ruff format --check",
        "lint-imports",
        "mypy twin ui",
        "pytest -n auto",
        "--cov=twin --cov=ui",
    ):
        assert any(part in command for command in started), part
    assert "FAILED: ruff format --check ." in capsys.readouterr().out


def test_window_tests_that_cannot_run_are_a_failure_with_the_line_to_type(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: Calls = []
    monkeypatch.chdir(dev.ROOT)
    monkeypatch.setattr(dev, "prepare", lambda: "gui,test")
    monkeypatch.setattr(dev, "probe_qt", lambda **_: ("", "Qt cannot start: libGL.so.1 is missing"))
    monkeypatch.setattr(dev, "missing_packages", lambda: ["libgl1"])
    monkeypatch.setattr(dev, "call", recorder(started))
    assert dev.main(["test"]) == 1
    assert started[-1][-3:] == ["--ignore=tests/ui", "-p", "no:pytest-qt"]
    said = capsys.readouterr().out
    assert "type: sudo apt-get install -y libgl1" in said
    assert "FAILED: tests/ui could not run: Qt cannot start: libGL.so.1 is missing" in said


def test_an_old_python_hands_over_to_a_newer_one(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    started: Calls = []
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(dev, "newer_python", lambda: "/usr/bin/python3.12")
    monkeypatch.setattr(dev, "call", recorder(started))
    assert dev.main(["run", "--headless"]) == 0
    assert started[0][0] == "/usr/bin/python3.12"
    assert started[0][-2:] == ["run", "--headless"]


def test_an_old_python_alone_says_what_is_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(dev, "newer_python", str)
    assert dev.main(["run"]) == 2
    assert "needs Python 3.11 or newer; this is Python 3.9.18" in capsys.readouterr().err


def test_a_python_that_does_not_start_is_passed_over(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, status in (("python3.14", 1), ("python3.12", 0)):
        shim = tmp_path / name
        shim.write_text(f"#!/bin/sh\nexit {status}\n")
        shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if os.name == "posix":
        assert dev.newer_python() == str(tmp_path / "python3.12")
