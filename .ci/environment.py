"""Make `.venv` what the lock files say: ``python3 .ci/environment.py runtime`` (or ``development``).

The Makefile calls this when a lock file changed.  It runs before anything is installed and on whatever `python3` is, so
it uses the standard library of Python 3.7 only.  Everything it cannot mend itself ends in one line with the command
that does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PLACE = VENV / ".place"
"""Holds the folder `.venv` was made for: its scripts carry absolute paths, so a moved checkout needs a new one."""

VERSIONS = ("3.13", "3.12", "3.11")
"""What the lock files were resolved for, newest first."""

OLDEST_NODE = 20

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""Holds torch without the 3 GB of CUDA libraries that PyPI's Linux build brings."""

BUILD = "from importlib.metadata import version; print(version('torch'))"
"""Prints "2.13.0+cpu" or "2.13.0" (PyPI's build), or fails."""

PIP = (
    "https://files.pythonhosted.org/packages/07/25/ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c960057c41cd23337/"
    "pip-26.3-py3-none-any.whl"
)
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


class CannotPrepare(Exception):
    """The environment cannot be made here; the text ends with the command that mends it."""


def main(purpose: str) -> None:
    """Bring `.venv` up to date for `purpose` and leave the stamp that `make` compares with the lock files."""
    if not os.access(ROOT, os.W_OK):
        raise CannotPrepare(f"{ROOT} cannot be written by this user: chown it, or clone into a folder of your own")
    make_venv()
    install_torch()
    lock = "requirements-dev.txt" if purpose == "development" else "requirements.txt"
    say(f"installing what {lock} names")
    pip("install", "--requirement", lock)
    if not node_is_there():
        say(f"no node {OLDEST_NODE} with npm on PATH: installing one into .venv")
        pip("install", "--requirement", "requirements-node.txt")
    # setuptools is in the lock, so building needs no second environment and no network.
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    stamps = ["runtime", "development"] if purpose == "development" else ["runtime"]
    for stamp in stamps:
        (VENV / f".{stamp}").touch()
    say(f"ready in {VENV}")


def make_venv() -> None:
    """Leave a `.venv` that belongs to this folder, has a Python of `VERSIONS`, and has pip."""
    if place_of_venv() in (str(ROOT), "") and venv_works():
        PLACE.write_text(str(ROOT), encoding="utf-8")
        return
    interpreter = find_interpreter()
    say(f"making .venv with {interpreter}")
    if VENV.exists():
        shutil.rmtree(VENV)
    has_ensurepip = run([interpreter, "-c", "import ensurepip; ensurepip.version()"], quiet=True)
    if has_ensurepip and run([interpreter, "-m", "venv", str(VENV)]):
        pass
    elif run([interpreter, "-m", "venv", "--without-pip", "--clear", str(VENV)]):
        install_pip()
    else:
        raise CannotPrepare(f"{interpreter} cannot make a virtual environment: {remedy()}")
    PLACE.write_text(str(ROOT), encoding="utf-8")


def place_of_venv() -> str:
    """The folder that `.venv` was made for; nothing when somebody else made it, here and just now."""
    try:
        return PLACE.read_text(encoding="utf-8")
    except OSError:
        return ""


def venv_works() -> bool:
    """Whether `.venv` is whole: its interpreter may have been upgraded or removed since, or never had pip.

    Where removing an old one was interrupted, its `bin/python` may be the system's own: nothing may be installed there.
    """
    prefix = output_of([str(PYTHON), "-c", "import sys; print(sys.prefix)"]) if PYTHON.exists() else ""
    return (
        os.path.realpath(prefix) == str(VENV)
        and version_of(str(PYTHON)) in VERSIONS
        and run([str(PYTHON), "-m", "pip", "--version"], quiet=True)
    )


def find_interpreter() -> str:
    """The first Python of `VERSIONS`: the one `$PYTHON` names, the one running this, then by name on PATH."""
    if os.environ.get("PYTHON"):
        chosen = shutil.which(os.environ["PYTHON"])
        if chosen and version_of(chosen) in VERSIONS:
            return chosen
        raise CannotPrepare(
            f"PYTHON={os.environ['PYTHON']} is not Python {', '.join(VERSIONS)}: name one, or leave it out"
        )
    candidates = [sys.executable, *(f"python{version}" for version in VERSIONS), "/usr/bin/python3"]
    for candidate in candidates:
        found = shutil.which(candidate)
        if found and version_of(found) in VERSIONS:
            return found
    here = ".".join(map(str, sys.version_info[:2]))
    raise CannotPrepare(f"Python {VERSIONS[-1]} to {VERSIONS[0]} is needed, python3 is {here}: {remedy()}")


def version_of(interpreter: str) -> str:
    """ "3.12", or nothing when it does not run (a pyenv shim without its version) or cannot make environments."""
    code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    return output_of([interpreter, "-c", code])


def remedy() -> str:
    """The one command that gives this machine a Python that will do."""
    if sys.platform == "darwin":
        return "brew install python@3.13"
    if shutil.which("apt-get"):
        # Debian 12, Ubuntu 24.04 and later: python3 is new enough. Ubuntu 22.04 has python3.11 beside its 3.10.
        package = "python3 python3-venv" if version_of_package("python3") >= (3, 11) else "python3.11 python3.11-venv"
        return f"{'' if os.geteuid() == 0 else 'sudo '}apt-get install -y {package}"
    if shutil.which("dnf"):
        return f"{'' if os.geteuid() == 0 else 'sudo '}dnf install -y python3.12"
    return "install Python 3.13 from https://www.python.org/downloads/"


def version_of_package(name: str) -> tuple[int, ...]:
    """The version that apt would install, or () when apt does not say."""
    for line in output_of(["apt-cache", "show", name]).splitlines():
        if line.startswith("Version: "):
            return tuple(int(part) for part in line[9:].split("-")[0].split(".")[:2] if part.isdigit())
    return ()


def install_pip() -> None:
    """Give `.venv` a pip without ensurepip, which Debian leaves out of python3: the wheel itself is a program."""
    say("this Python has no ensurepip: fetching pip")
    try:
        with urllib.request.urlopen(PIP, timeout=60) as answer:
            wheel = answer.read()
    except OSError as error:
        raise CannotPrepare(f"pip could not be fetched ({error}): {remedy()}") from None
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        raise CannotPrepare(f"what {PIP} gave is not pip 26.3: {remedy()}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PIP.rsplit("/", 1)[1]
        path.write_bytes(wheel)
        if not run([str(PYTHON), str(path / "pip"), "install", "--quiet", "--no-index", str(path)]):
            raise CannotPrepare(f"pip could not be installed into .venv: {remedy()}")


def install_torch() -> None:
    """Install torch's CPU build, so that the lock's ``torch==…`` is met before PyPI is asked for it.

    Asking the CPU index for every package of the lock costs 7.5 s each where it cannot be reached; asking it for one,
    with few retries, costs 1.5 s, and pip goes on with PyPI.  No other package may come from there.
    """
    wanted = next(line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("torch=="))
    if output_of([str(PYTHON), "-c", BUILD]).partition("+")[0] == wanted.partition("==")[2]:
        return
    say(f"installing {wanted}")
    one = [str(PYTHON), "-m", "pip", "install", "--no-deps"]
    if run([*one, "--no-index", wanted], quiet=True):  # pip may be configured to find it on this machine's disk
        return
    if not run([*one, "--extra-index-url", CPU_INDEX, "--timeout", "20", "--retries", "2", wanted]):
        raise CannotPrepare(
            "torch could not be installed (pip says why above; is the network there?); `make` goes on from there"
        )
    if sys.platform == "linux" and not output_of([str(PYTHON), "-c", BUILD]).endswith("cpu"):
        say(f"no CPU build came from {CPU_INDEX}: PyPI's may bring 3 GB of CUDA")


def node_is_there() -> bool:
    """Whether PATH has what `webapp.assets_build` asks for."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    major = output_of([node, "--version"]).lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def pip(*arguments: str) -> None:
    """Run pip inside `.venv`, or end with its own last words."""
    if not run([str(PYTHON), "-m", "pip", *arguments, "-qq", "--disable-pip-version-check"]):
        raise CannotPrepare("pip could not install everything (its reasons are above); `make` goes on from there")


def run(command: list[str], *, quiet: bool = False) -> bool:
    """Whether `command` succeeded, run in the checkout."""
    silence = subprocess.DEVNULL if quiet else None
    # A PYTHONPATH of the caller's must not decide what counts as installed here.
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return subprocess.run(command, cwd=ROOT, env=kept, stdout=silence, stderr=silence, check=False).returncode == 0  # noqa: S603 - our own commands


def output_of(command: list[str]) -> str:
    """What `command` prints on stdout, without the white space around it; its complaints are not shown."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - our own commands
    return done.stdout.decode().strip()


def say(text: str) -> None:
    """One line of progress on stderr, where results do not go."""
    print(f"environment: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["runtime"], ["development"]):
        sys.exit("usage: python3 .ci/environment.py runtime|development")
    try:
        main(sys.argv[1])
    except CannotPrepare as problem:
        sys.exit(f"environment: {problem}")
    except OSError as problem:
        sys.exit(f"environment: {problem}: see that {ROOT} can be written and has 2 GB free, then run make again")
