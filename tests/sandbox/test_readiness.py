"""Machines nobody here has, decided from recorded facts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import readiness
from sandbox.readiness import Facts, Finding, Readiness, collect_facts, decide

# Debian 12 in a container with its own kernel, as root: everything works.
HERE = Facts(
    system="Linux",
    machine="x86_64",
    kernel="6.18.44-fc-v669",
    distribution="debian",
    python=(3, 11),
    euid=0,
    container=True,
    missing_packages=(),
    libseccomp=True,
    max_user_namespaces=96365,
    unprivileged_userns_clone=None,
    apparmor_restricts=None,
    user_namespaces="",
    mounts="",
    seccomp="",
    landlock=7,
)
UBUNTU = replace(HERE, distribution="ubuntu debian", kernel="6.8.0-45-generic", container=False, euid=1000, landlock=4)
DEBIAN = replace(UBUNTU, distribution="debian", kernel="6.1.0-25-amd64", landlock=2)
RHEL = replace(UBUNTU, distribution="rocky rhel centos fedora", kernel="5.14.0-503.11.1.el9_5.x86_64", landlock=5)
WSL = replace(UBUNTU, kernel="6.6.87.2-microsoft-standard-WSL2", landlock=3)
NO_SPACE = "[Errno 28] unshare: No space left on device"
NOT_PERMITTED = "[Errno 1] unshare: Operation not permitted"

MACHINES = {
    "no user namespaces": (
        replace(DEBIAN, max_user_namespaces=0, user_namespaces=NO_SPACE, mounts=NO_SPACE),
        "user namespaces",
        "sudo sysctl -w user.max_user_namespaces=15000",
    ),
    "RHEL as its hardening guides leave it, as root": (
        replace(RHEL, euid=0, max_user_namespaces=0, user_namespaces=NO_SPACE, mounts=NO_SPACE),
        "user namespaces",
        "sysctl -w user.max_user_namespaces=15000",
    ),
    "Debian's old switch": (
        replace(DEBIAN, unprivileged_userns_clone=0, user_namespaces=NOT_PERMITTED, mounts=NOT_PERMITTED),
        "user namespaces",
        "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    "AppArmor's restriction, Ubuntu 24.04": (
        replace(UBUNTU, apparmor_restricts=1, mounts="[Errno 13] mount bind on /: Permission denied"),
        "mounts",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "Landlock switched off": (
        replace(UBUNTU, landlock=0),
        "landlock",
        readiness._ENABLE_LANDLOCK["debian"],
    ),
    "Landlock switched off, RHEL": (
        replace(RHEL, landlock=0),
        "landlock",
        readiness._ENABLE_LANDLOCK["fedora"],
    ),
    "Landlock switched off, a distribution we do not know": (
        replace(RHEL, distribution="void", landlock=0),
        "landlock",
        "",
    ),
    "WSL 2 with a kernel before Landlock": (
        replace(WSL, kernel="5.10.102.1-microsoft-standard-WSL2", landlock=0),
        "landlock",
        readiness._NEWER_WSL,
    ),
    "WSL 2 with Landlock switched off": (
        replace(WSL, landlock=0),
        "landlock",
        readiness._NEWER_WSL,
    ),
    "WSL 1, which is no Linux": (
        replace(
            WSL,
            kernel="4.4.0-22621-Microsoft",
            landlock=0,
            user_namespaces=NOT_PERMITTED,
            mounts=NOT_PERMITTED,
            seccomp="[Errno 22] prctl 22: Invalid argument",
        ),
        "seccomp",
        readiness._NEWER_WSL,
    ),
    "Debian 11, whose kernel is from before Landlock": (
        replace(DEBIAN, kernel="5.10.0-32-amd64", landlock=0),
        "landlock",
        "sudo apt-get install -y linux-image-amd64 && sudo reboot",
    ),
    "a kernel before Landlock": (
        replace(
            UBUNTU, kernel="5.4.0-190-generic", landlock=0, mounts="[Errno 38] mount_setattr /tmp: not implemented"
        ),
        "landlock",
        "sudo apt-get install -y linux-generic-hwe-$(. /etc/os-release; echo $VERSION_ID) && sudo reboot",
    ),
    "no seccomp in the kernel": (
        replace(DEBIAN, seccomp="[Errno 22] prctl 22: Invalid argument"),
        "seccomp",
        "sudo apt-get install -y linux-image-amd64 && sudo reboot",
    ),
    "no libseccomp": (replace(UBUNTU, libseccomp=False), "libseccomp", "sudo apt-get install -y libseccomp2"),
    "no libseccomp, Fedora": (
        replace(UBUNTU, distribution="fedora", libseccomp=False),
        "libseccomp",
        "sudo dnf install -y libseccomp",
    ),
    "no libseccomp, a container's root without sudo": (
        replace(HERE, libseccomp=False),
        "libseccomp",
        "apt-get install -y libseccomp2",
    ),
    "no libseccomp, Rocky": (replace(RHEL, libseccomp=False), "libseccomp", "sudo dnf install -y libseccomp"),
    "Docker's default profile": (
        replace(HERE, user_namespaces=NOT_PERMITTED, mounts=NOT_PERMITTED),
        "user namespaces",
        readiness._CONTAINER,
    ),
    "Docker's default profile, before it knew Landlock": (replace(HERE, landlock=0), "landlock", readiness._CONTAINER),
    "a container that filters nothing but gives its root no CAP_SYS_ADMIN": (
        replace(HERE, mounts=NOT_PERMITTED),
        "mounts",
        readiness._CONTAINER,
    ),
    "root bounded by its service manager": (replace(HERE, container=False, mounts=NOT_PERMITTED), "mounts", ""),
    "no torch": (replace(UBUNTU, missing_packages=("torch",)), "packages", "python -m pip install torch"),
    "an old Python": (replace(UBUNTU, python=(3, 9)), "python", "uv python install 3.11"),
    "macOS": (
        replace(HERE, system="Darwin", machine="arm64", kernel="24.1.0", landlock=0),
        "system",
        readiness._CONTAINER,
    ),
    "Windows": (replace(HERE, system="Windows", machine="AMD64", kernel="11", landlock=0), "system", "wsl --install"),
    "an unknown processor": (replace(UBUNTU, machine="riscv64"), "system", ""),
    "32-bit ARM": (replace(DEBIAN, machine="armv7l", kernel="6.6.51+rpt-rpi-v7"), "system", ""),
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_that_lacks_something_gets_the_one_command(name):
    facts, finding, remedy = MACHINES[name]
    decided = decide(facts)
    assert not decided.ok
    assert decided.placement == "none"
    assert next(f.name for f in decided.findings if not f.ok) == finding
    assert decided.remedy == remedy
    assert all(f.text for f in decided.findings)
    assert facts.euid or "sudo" not in decided.remedy


@pytest.mark.parametrize(
    "facts",
    [HERE, UBUNTU, DEBIAN, RHEL, WSL, replace(UBUNTU, machine="aarch64"), replace(UBUNTU, apparmor_restricts=1)],
)
def test_a_machine_that_has_everything_is_ready(facts):
    # AppArmor's switch alone is no fault: a profile may allow what was tried.
    decided = decide(facts)
    assert (decided.ok, decided.placement, decided.remedy) == (True, "host", "")


def test_landlock_is_never_done_without():
    assert not decide(replace(HERE, landlock=0)).ok


def test_facts_come_from_trying():
    facts = collect_facts()
    assert facts.python >= (3, 11)
    assert facts.kernel
    assert (facts.user_namespaces, facts.mounts, facts.seccomp) == ("", "", ""), "the tests here need a sandbox"
    assert facts.landlock >= 1
    assert decide(facts).ok


def test_what_only_some_items_need_is_told_and_refuses_nothing():
    lacking = Finding("measuring", False, "the kernel does not count", "look here", needed=False)
    decided = Readiness((Finding("system", True, "Linux"), lacking))
    assert (decided.ok, decided.placement, decided.remedy) == (True, "host", "")


@pytest.mark.skipif(sys.platform != "linux", reason="candidates are confined by Linux")
def test_a_placement_that_cannot_measure_says_so_beside_what_it_can():
    from sandbox import trial
    from sandbox.client import Sandbox

    with Sandbox.start(entry="unmeasured:serve", entry_path=Path(__file__).with_name("entries")) as sandbox:
        found = trial.container(sandbox.path)
    (measuring,) = [finding for finding in found.findings if finding.name == "measuring"]
    assert found.ok
    assert (measuring.ok, measuring.remedy) == (False, trial.MEASURING_NEEDS)
    assert "items that measure memory cannot be graded: [Errno 1]" in measuring.text
