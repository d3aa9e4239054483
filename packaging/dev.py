"""Two commands on a fresh machine: `run` opens the default example, `test` makes every check; set-up is included.

Standard library only, and written so that an old Python 3 can still read it: it has to explain itself there, or hand
over to a newer Python beside it. Hence no `from __future__` line, and composite types only inside quotes.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "kcloud-twin.stamp"
DEFAULT_SCENARIO = "layouts/scenarios/small_room_chat.yaml"
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Debian names of what the Qt wheels load but do not carry: first for any window, then for X11 and Wayland, then the
# text faces. A package renamed by the 64-bit time change is installed under its newer name where that one exists.
QT_PACKAGES = (
    *("libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0"),
    *("libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-xfixes0", "libxcb-xkb1", "libx11-xcb1"),
    *("libxkbcommon-x11-0", "libwayland-cursor0"),
    *("fonts-inter", "fonts-nanum"),
)
WINDOWLESS_PLATFORMS = ("offscreen", "minimal", "minimalegl")
PROBE = "from PySide6.QtWidgets import QApplication; app = QApplication([]); print(app.platformName())"


def say(text: str) -> None:
    """One line of progress, in order with what the child processes print."""
    print(f"[dev] {text}", flush=True)


def newer_python() -> str:
    """Path of a Python that is new enough and really starts, or nothing."""
    for name in NEWER_PYTHONS:
        path = shutil.which(name, path=os.environ.get("PATH", DEFAULT_PATH))
        # A version manager's shim exists for versions that are not active, and then only prints an error.
        if path and subprocess.call([path, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return path
    return ""


def too_old_message(version: str) -> str:
    """What to tell someone whose only Python is too old."""
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return (
        f"K-Cloud Twin needs Python {wanted} or newer; this is Python {version}, and no newer one is on PATH.\n"
        f"Install one (for example: apt-get install python{wanted}, or from python.org) and repeat the command."
    )


def own_python() -> str:
    """Path of the Python that runs this script; Python itself does not know it when PATH is unset."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return sys.executable or shutil.which(name, path=DEFAULT_PATH) or name


def bin_file(name: str) -> Path:
    """A program of the project's environment."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def starts(command: "list[str]") -> bool:
    """Whether a command can be started and ends well; its output is dropped."""
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, check=False)
    except OSError:
        return False
    return done.returncode == 0


def environment_python() -> str:
    """The version of the Python in .venv, or nothing when it does not start or is too old to be used."""
    code = f"import sys; print(sys.version if sys.version_info >= {OLDEST_PYTHON} else '')"
    try:
        return output_of([str(bin_file("python")), "-c", code]).strip()
    except OSError:
        return ""


def stamp_text(extras: str, python: str) -> str:
    """What the environment was made from; a different text means: install again."""
    digest = hashlib.sha256()
    for part in (ROOT / "pyproject.toml", Path(__file__).resolve()):
        digest.update(part.read_bytes())
    # An editable install remembers where the checkout lies, so a moved one has to be installed again.
    digest.update(f"{python} {ROOT}".encode())
    return f"{digest.hexdigest()} {extras}\n"


def installed_extras() -> str:
    """The extras in an environment that is up to date, or nothing when it has to be made or refreshed."""
    python = environment_python() if STAMP.is_file() else ""
    if not python:
        return ""
    stamp = STAMP.read_text()
    return next((extras for extras in ("gui,test", "test") if stamp == stamp_text(extras, python)), "")


def pip_command() -> "list[str]":
    """How to call a pip that installs into the environment: its own, one made by ensurepip, or that of this Python."""
    inner = str(bin_file("python"))
    if starts([inner, "-m", "pip", "--version"]):
        return [inner, "-m", "pip"]
    if starts([inner, "-m", "ensurepip", "--default-pip"]):
        return [inner, "-m", "pip"]
    outer = [own_python(), "-m", "pip", "--python", inner]
    return outer if starts([*outer, "--version"]) else []


def make_environment() -> "list[str]":
    """Make .venv if there is none that works, and return the pip to fill it with."""
    if not environment_python():
        say("making .venv")
        # Without pip first: that works on systems that ship Python without ensurepip.
        subprocess.run([own_python(), "-m", "venv", "--clear", "--without-pip", str(VENV)], check=True)
    command = pip_command()
    if not command and is_root() and shutil.which("apt-get", path=search_path()):
        apt_update()
        apt_install(["python3-venv"])
        command = pip_command()
    if not command:
        raise SystemExit("[dev] no pip for this Python; type: sudo apt-get install -y python3-venv python3-pip")
    return command


def install() -> str:
    """Install the project into .venv and return the extras it got; without a window where Qt has no wheels."""
    pip = make_environment()
    for extras in ("gui,test", "test"):
        say(f"installing kcloud-twin[{extras}] into .venv (once; 700 MB with the window)")
        command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--editable", f".[{extras}]"]
        if subprocess.call(command, cwd=ROOT, env=child_env()) == 0:
            STAMP.write_text(stamp_text(extras, environment_python()))
            return extras
        if "gui" in extras:
            say("that failed; trying without the window, in case Qt has no wheels for this platform")
    raise SystemExit("[dev] the installation failed; pip's message above says why")


def prepare() -> str:
    """An environment that is up to date; returns its extras and costs next to nothing when nothing changed."""
    extras = installed_extras()
    if extras:
        return extras
    extras = install()
    if "gui" in extras and is_root():
        missing = missing_packages(refresh=True)
        if missing:
            apt_install(missing)
    return extras


def is_root() -> bool:
    """Whether system packages may be installed without asking."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def search_path() -> str:
    """PATH with the system folders always in it: dpkg refuses to work without them."""
    path = os.environ.get("PATH", "")
    return f"{path}{os.pathsep}{DEFAULT_PATH}" if path else DEFAULT_PATH


def child_env(**changes: str) -> "dict[str, str]":
    """The environment children run in: this one, with a usable PATH."""
    return {**os.environ, "PATH": search_path(), **changes}


def output_of(command: "list[str]") -> str:
    """Standard output of a query whose exit status does not matter."""
    env = child_env(LC_ALL="C")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, check=False)
    return done.stdout.decode(errors="replace")


def absent(wanted: "tuple[str, ...]", installed: "set[str]", known: "set[str]") -> "list[str]":
    """Names to install: those not there under either name, in the newer spelling where apt knows it.

    Names apt does not know at all are left out when it knows any, because one of them would make it refuse the rest.
    """
    names = []
    for package in wanted:
        newer = f"{package}t64"
        if package in installed or newer in installed:
            continue
        if newer in known:
            names.append(newer)
        elif package in known or not known:
            names.append(package)
    return names


def missing_packages(refresh: bool = False) -> "list[str]":
    """System packages the window needs and this machine lacks; empty where there is no apt.

    `refresh` fetches apt's lists first if anything is missing: a fresh image has none, and then no name is known.
    """
    if not shutil.which("apt-get", path=search_path()) or not shutil.which("dpkg-query", path=search_path()):
        return []
    spellings = [*QT_PACKAGES, *(f"{package}t64" for package in QT_PACKAGES)]
    status = output_of(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *spellings])
    installed = set(re.findall(r"^(\S+) installed$", status, flags=re.MULTILINE))
    if not absent(QT_PACKAGES, installed, set()):
        return []
    if refresh:
        apt_update()
    known = set(re.findall(r"^Package: (\S+)$", output_of(["apt-cache", "show", *spellings]), flags=re.MULTILINE))
    return absent(QT_PACKAGES, installed, known)


def apt_update() -> None:
    """Fetch apt's package lists; without a network the old ones have to do."""
    subprocess.call(["apt-get", "update", "-qq"], env=child_env(), stdin=subprocess.DEVNULL)


def apt_install(names: "list[str]") -> None:
    """Install system packages as root; a failure is reported and not fatal, the engine runs without them."""
    say(f"installing system packages: {' '.join(names)}")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    env = child_env(DEBIAN_FRONTEND="noninteractive")
    if subprocess.call(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) != 0:
        say(f"apt could not install them; by hand: {apt_line(names)}")


def apt_line(names: "list[str]") -> str:
    """The one line to type."""
    return f"sudo apt-get install -y {' '.join(names)}"


def no_window_reason(extras: str) -> str:
    """Why no window can be opened here, or nothing when one can."""
    if "gui" not in extras:
        return "the window's libraries have no build for this platform"
    named = [os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")]
    if sys.platform.startswith("linux") and not any(named):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    platform, reason = probe_qt()
    if platform in WINDOWLESS_PLATFORMS:
        return f"Qt draws on '{platform}', which nobody sees"
    return reason


def probe_qt(**changes: str) -> "tuple[str, str]":
    """The platform Qt starts on, or nothing and why it does not start.

    Tried in a child, because Qt aborts the whole process when it finds no platform it can use.
    """
    command = [str(bin_file("python")), "-c", PROBE]
    pipe = subprocess.PIPE
    try:
        done = subprocess.run(command, stdout=pipe, stderr=pipe, env=child_env(**changes), timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return "", "the display did not answer within 60 s"
    if done.returncode == 0:
        return done.stdout.decode(errors="replace").strip(), ""
    return "", f"Qt cannot start: {telling_line(done.stderr.decode(errors='replace'))}"


def telling_line(text: str) -> str:
    """The line of an error output that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "Error:" in line or "qt.qpa" in line]
    return (telling or lines or ["no message"])[0]


def run(scenario: str, headless: bool) -> int:
    """Open a scenario in the window, or run it headless where no window can be shown."""
    extras = prepare()
    twin = [str(bin_file("python")), "-m", "twin"]
    reason = "as asked" if headless else no_window_reason(extras)
    if not reason:
        return call([*twin, "ui", scenario])
    say(f"running without a window: {reason}")
    if "gui" in extras and not headless:
        say_missing_packages()
    return call([*twin, "run", scenario])


def say_missing_packages() -> None:
    """The one line to type, where system packages for the window are missing."""
    missing = missing_packages()
    if missing:
        say(f"libraries for the window are missing; type: {apt_line(missing)}")


def call(command: "list[str]", **changes: str) -> int:
    """Run a child to its end; Ctrl-C reaches the child too, which is given time to close its files."""
    child = subprocess.Popen(command, env=child_env(**changes))
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def checks(sources: "list[str]", with_window: bool) -> "list[list[str]]":
    """Every check of the project as a command, cheapest first."""
    return [
        [str(bin_file("ruff")), "check", "."],
        [str(bin_file("ruff")), "format", "--check", "."],
        [str(bin_file("lint-imports"))],
        [str(bin_file("mypy")), *sources],
        # A file stays on one worker, so that what its tests share is made once.
        [str(bin_file("python")), "-m", "pytest", "-n", "auto", "--dist", "loadfile"]
        + [f"--cov={source}" for source in sources]
        # pytest-qt ends the whole run where it finds no Qt that can be imported.
        + ([] if with_window else ["--ignore=tests/ui", "-p", "no:pytest-qt"]),
    ]


def test() -> int:
    """Run every check even after one fails, and say at the end which ones did."""
    extras = prepare()
    os.chdir(ROOT)
    failed = []
    reason = probe_qt(QT_QPA_PLATFORM="offscreen")[1] if "gui" in extras else ""
    if "gui" not in extras:
        say("without Qt on this platform the window's checks are left out")
    elif reason:
        say_missing_packages()
        failed.append(f"tests/ui could not run: {reason}")
    for command in checks(["twin", "ui"] if "gui" in extras else ["twin"], "gui" in extras and not reason):
        name = " ".join([Path(command[0]).stem, *command[1:]])
        say(name)
        # One thread in the numeric libraries keeps figures and timings the same on any number of cores.
        threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        if call(command, QT_QPA_PLATFORM="offscreen", **threads) != 0:
            failed.append(name)
    for name in failed:
        say(f"FAILED: {name}")
    say("all checks passed" if not failed else "not all checks passed")
    return 1 if failed else 0


def main(argv: "list[str]") -> int:
    """Parse the command and do it."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up and start K-Cloud Twin, or run its checks.")
    verbs = parser.add_subparsers(dest="verb", metavar="{run,test}")
    verb = verbs.add_parser("run", help="open the default example, or the scenario given")
    default = str(ROOT / DEFAULT_SCENARIO)
    verb.add_argument("scenario", nargs="?", default=default, help=f"default: {DEFAULT_SCENARIO}")
    verb.add_argument("--headless", action="store_true", help="do not open a window even if one could be shown")
    verbs.add_parser("test", help="run every check: style, types, floors, tests with coverage")
    options = parser.parse_args(argv)
    if options.verb is None:
        parser.print_help()
        return 2
    if sys.version_info < OLDEST_PYTHON:
        other = newer_python()
        if not other:
            print(too_old_message(".".join(map(str, sys.version_info[:3]))), file=sys.stderr)
            return 2
        return call([other, str(Path(__file__).resolve()), *argv])
    return run(options.scenario, options.headless) if options.verb == "run" else test()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
