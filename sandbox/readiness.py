"""Whether this machine can confine code, and the one command that mends what is missing.

`collect_facts` looks and tries; `decide` is pure, so that machines nobody here has are decided from recorded facts.
"""

from __future__ import annotations

import ctypes.util
import importlib.util
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sandbox.model import Kind

_PACKAGES: Final = ("torch", "numpy", "einops", "pyseccomp")
_MACHINES: Final = ("x86_64", "aarch64")
_OLDEST_PYTHON: Final = (3, 11)
_OLDEST_KERNEL: Final = (5, 13)  # Landlock; before it mount_setattr (5.12), setns by pidfd (5.8)
_NOT_TRIED: Final = "not tried"

_INSTALL_LIBSECCOMP: Final = {
    "debian": "sudo apt-get install -y libseccomp2",
    "ubuntu": "sudo apt-get install -y libseccomp2",
    "fedora": "sudo dnf install -y libseccomp",
    "rhel": "sudo dnf install -y libseccomp",
    "arch": "sudo pacman -S --noconfirm libseccomp",
    "alpine": "sudo apk add libseccomp",
    "opensuse": "sudo zypper install -y libseccomp2",
}
_ENABLE_LANDLOCK: Final = {
    "debian": "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&lsm=landlock,lockdown,yama,integrity,apparmor,bpf /'"
    " /etc/default/grub && sudo update-grub && sudo reboot",
    "fedora": "sudo grubby --update-kernel=ALL --args=lsm=landlock,lockdown,yama,integrity,selinux,bpf && sudo reboot",
}
_NEWER_WSL: Final = "wsl.exe --update && wsl.exe --shutdown"
# From a checkout.  --privileged, because Docker's profiles forbid the namespaces and mounts that confinement is made
# of; the server gives all of it up before it reads a submission.
_CONTAINER: Final = (
    'docker run --rm -it --privileged -p 8000:8000 -v "$PWD":/workshop -v workshop-var:/workshop/var -w /workshop'
    " python:3.13 make serve HOST=0.0.0.0"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was seen of a machine.  A tried step is "" where it worked, else what the kernel said."""

    system: str
    machine: str
    kernel: str
    distribution: str
    """`ID` and `ID_LIKE` of os-release(5)."""
    python: tuple[int, int]
    euid: int
    container: bool
    missing_packages: tuple[str, ...]
    libseccomp: bool
    max_user_namespaces: int | None
    unprivileged_userns_clone: int | None
    apparmor_restricts: int | None
    user_namespaces: str
    mounts: str
    seccomp: str
    landlock: int
    """The ABI, 0 where there is none."""
    restricted_files: str = _NOT_TRIED
    denied_call: str = _NOT_TRIED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that confinement needs."""

    name: str
    ok: bool
    text: str
    remedy: str = ""
    """The one command that mends it, where there is one."""
    needed: bool = True
    """Whether nothing at all can be confined without it."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The decision: all findings in the order in which they would be met."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether code can be confined here.  Whatever is needed counts: there is no weaker jail to fall back to."""
        return all(finding.ok for finding in self.findings if finding.needed)

    @property
    def placement(self) -> str:
        """Where a sandbox can be: "host", or "none"."""
        return "host" if self.ok else "none"

    @property
    def remedy(self) -> str:
        """The first command to run, or nothing."""
        lacking = (finding for finding in self.findings if finding.needed and not finding.ok)
        return next((finding.remedy for finding in lacking if finding.remedy), "")


def decide(facts: Facts) -> Readiness:
    """Judge a machine by its facts."""
    if facts.system != "Linux":
        remedy = "wsl --install" if facts.system == "Windows" else _CONTAINER
        text = f"{facts.system} has no namespaces, Landlock and seccomp; submissions are confined by Linux"
        return Readiness((Finding("system", False, text, remedy),))
    findings: tuple[Finding, ...] = (
        _system(facts),
        _python(facts),
        _packages(facts),
        _libseccomp(facts),
        _seccomp(facts),
        _landlock(facts),
        _user_namespaces(facts),
        _mounts(facts),
    )
    if facts.euid == 0:  # root needs no sudo, and a container often has none
        findings = tuple(replace(each, remedy=each.remedy.replace("sudo ", "")) for each in findings)
    return Readiness(findings)


def decide_landlock(facts: Facts) -> Readiness:
    """Judge a kernel as the one under a container whose jail is Landlock and seccomp alone: steps that were tried."""
    if facts.system != "Linux":
        return decide(facts)
    files = f"refused: {facts.restricted_files}" if facts.restricted_files else "one folder was left to write in"
    call = f"refused: {facts.denied_call}" if facts.denied_call else "one call was denied"
    return Readiness(
        (
            _landlock(facts),
            Finding("files", not facts.restricted_files, files),
            Finding("system calls", not facts.denied_call, call),
        )
    )


def container_remedy(kind: Kind, facts: Facts) -> str:
    """The command, on its host, for a container in which this jail does not start; facts were collected inside."""
    if kind is Kind.LANDLOCK or not (facts.user_namespaces or facts.mounts):
        return ""
    if facts.apparmor_restricts:
        return "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    return "WORKSHOP_JAIL=landlock SANDBOX_APPARMOR=docker-default docker compose up --detach sandbox"


def collect_facts() -> Facts:
    """Look at this machine and try, in processes of their own, what confining needs."""
    tried = _probe() if sys.platform == "linux" else {}
    return Facts(
        system=platform.system(),
        machine=platform.machine(),
        kernel=platform.release(),
        distribution=_distribution(),
        python=sys.version_info[:2],
        euid=os.geteuid() if hasattr(os, "geteuid") else -1,
        container=Path("/.dockerenv").exists() or Path("/run/.containerenv").exists(),
        missing_packages=tuple(name for name in _PACKAGES if importlib.util.find_spec(name) is None),
        libseccomp=ctypes.util.find_library("seccomp") is not None,
        max_user_namespaces=_number("/proc/sys/user/max_user_namespaces"),
        unprivileged_userns_clone=_number("/proc/sys/kernel/unprivileged_userns_clone"),
        apparmor_restricts=_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        user_namespaces=str(tried.get("user_namespaces", _NOT_TRIED)),
        mounts=str(tried.get("mounts", _NOT_TRIED)),
        seccomp=str(tried.get("seccomp", _NOT_TRIED)),
        landlock=int(tried.get("landlock", 0)),
        restricted_files=str(tried.get("restricted_files", _NOT_TRIED)),
        denied_call=str(tried.get("denied_call", _NOT_TRIED)),
    )


def remedy_for(error: str) -> str:
    """The command that mends a server that failed to start with `error`."""
    try:
        remedy = decide(collect_facts()).remedy
    except OSError:
        remedy = ""
    if (
        not remedy
        and hasattr(os, "geteuid")
        and os.geteuid() == 0
        and ("PermissionError" in error or "ModuleNotFoundError" in error)
    ):
        # The server is nobody in particular, so what it imports must be readable for all.
        return f"chmod -R go+rX '{sys.prefix}' '{Path(__file__).resolve().parent}'"
    return remedy or "workshop doctor"


def _system(facts: Facts) -> Finding:
    text = f"Linux {facts.kernel} on {facts.machine}"
    if facts.machine not in _MACHINES:
        return Finding("system", False, f"{text}; confinement knows 64-bit {' and '.join(_MACHINES)} only")
    return Finding("system", True, text)


def _python(facts: Facts) -> Finding:
    version = ".".join(map(str, facts.python))
    if facts.python < _OLDEST_PYTHON:
        return Finding("python", False, f"Python {version}; 3.11 is the oldest that works", "uv python install 3.11")
    return Finding("python", True, f"Python {version}")


def _packages(facts: Facts) -> Finding:
    if facts.missing_packages:
        names = " ".join(facts.missing_packages)
        return Finding("packages", False, f"not installed: {names}", f"python -m pip install {names}")
    return Finding("packages", True, " ".join(_PACKAGES))


def _libseccomp(facts: Facts) -> Finding:
    if facts.libseccomp:
        return Finding("libseccomp", True, "compiles the system call filter")
    known = (command for name, command in _INSTALL_LIBSECCOMP.items() if name in facts.distribution.split())
    return Finding("libseccomp", False, "the library is not installed", next(known, _INSTALL_LIBSECCOMP["debian"]))


def _seccomp(facts: Facts) -> Finding:
    if not facts.seccomp:
        return Finding("seccomp", True, "a filter was installed")
    return Finding("seccomp", False, f"this kernel takes no system call filter ({facts.seccomp})", _other_kernel(facts))


def _landlock(facts: Facts) -> Finding:
    if facts.landlock:
        return Finding("landlock", True, f"ABI {facts.landlock}")
    if _version(facts.kernel) < _OLDEST_KERNEL:
        return Finding("landlock", False, "Landlock needs Linux 5.13; we do not do without", _other_kernel(facts))
    if facts.container:
        text = "Landlock is refused in this container, or switched off in its host's kernel; we do not do without"
        return Finding("landlock", False, text, _CONTAINER)
    text = "the kernel has Landlock switched off; we do not do without"
    if _is_wsl(facts):
        return Finding("landlock", False, text, _NEWER_WSL)
    known = (command for name, command in _ENABLE_LANDLOCK.items() if name in facts.distribution.split())
    return Finding("landlock", False, f"{text} (lsm= on its command line has to name it)", next(known, ""))


def _user_namespaces(facts: Facts) -> Finding:
    if not facts.user_namespaces:
        return Finding("user namespaces", True, "an ordinary user made one")
    text, remedy = _refusal(facts, facts.user_namespaces)
    return Finding("user namespaces", False, f"refused: {text}", remedy)


def _mounts(facts: Facts) -> Finding:
    if not facts.mounts:
        return Finding("mounts", True, "a file system was made and sealed")
    if facts.user_namespaces:
        return Finding("mounts", False, "not to be had without user namespaces")
    text, remedy = _refusal(facts, facts.mounts)
    return Finding("mounts", False, f"refused: {text}", remedy)


def _refusal(facts: Facts, error: str) -> tuple[str, str]:
    """Who refuses namespaces or mounts, and the command that changes it."""
    if facts.max_user_namespaces == 0:
        return "user.max_user_namespaces is 0", "sudo sysctl -w user.max_user_namespaces=15000"
    if facts.unprivileged_userns_clone == 0:
        return "kernel.unprivileged_userns_clone is 0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"
    if facts.apparmor_restricts:
        command = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        return "AppArmor restricts them to programs with a profile", command
    if facts.container:
        return f"by this container's profile ({error})", _CONTAINER
    if facts.euid == 0 and "Operation not permitted" in error:
        return f"{error}; this root lacks capabilities: start it without bounds, or as an ordinary user", ""
    if _version(facts.kernel) < _OLDEST_KERNEL:
        return f"Linux {facts.kernel} is too old ({error})", _other_kernel(facts)
    return error, ""


def _other_kernel(facts: Facts) -> str:
    if facts.container:
        return ""  # a container has its host's kernel
    if _is_wsl(facts):
        return _NEWER_WSL
    words = facts.distribution.split()
    if "ubuntu" in words:  # linux-generic is the release's first kernel: 5.4 on 20.04
        return "sudo apt-get install -y linux-generic-hwe-$(. /etc/os-release; echo $VERSION_ID) && sudo reboot"
    if "debian" in words:
        return (
            "sudo apt-get install -y linux-image-amd64 && sudo reboot"
            if facts.machine == "x86_64"
            else ("sudo apt-get install -y linux-image-arm64 && sudo reboot")
        )
    return ""


def _is_wsl(facts: Facts) -> bool:
    return "microsoft" in facts.kernel.lower()


def _version(release: str) -> tuple[int, int]:
    numbers = [int("".join(filter(str.isdigit, part)) or 0) for part in release.split(".")[:2]]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)


def _probe() -> dict[str, Any]:
    script = Path(__file__).with_name("probe.py")
    command = [sys.executable, "-P", "-s", "-S", "-B", str(script)]
    try:
        done = subprocess.run(command, capture_output=True, env={}, timeout=30, check=True)  # noqa: S603  # our own file
        result: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        tried = ("user_namespaces", "mounts", "seccomp", "restricted_files", "denied_call")
        return dict.fromkeys(tried, f"the trial failed: {error}")
    return result


def _distribution() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    return f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".strip()


def _number(path: str) -> int | None:
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError):
        return None
