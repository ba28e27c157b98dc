"""The container as the engine runs it: who it is, what it may, what it can reach."""

from __future__ import annotations

import time
from collections.abc import Callable

from sandbox.client import Connection
from tests.compose.containers import ROOT, Container, docker, running_container

STATUS = ("Uid", "Gid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")


def until(happens: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.2)
    return happens()


def test_it_is_nobody_without_capabilities_and_cannot_become_anybody(container: Container):
    lines = dict(line.split(":", 1) for line in container.execute("cat", "/proc/1/status").splitlines())
    found = {name: lines[name].split() for name in STATUS}
    assert found["Uid"] == found["Gid"] == ["10001"] * 4
    assert {tuple(found[name]) for name in STATUS if name.startswith("Cap")} == {("0" * 16,)}
    assert (found["NoNewPrivs"], found["Seccomp"]) == (["1"], ["2"])


def test_its_root_cannot_be_written_and_its_own_folders_are_small_and_run_nothing(container: Container):
    mounts = [line.split() for line in container.execute("cat", "/proc/1/mounts").splitlines()]
    options = {place: set(flags.split(",")) for _, place, _, flags, *_ in mounts}
    assert "ro" in options["/"]
    for place in ("/run/service", *(f"/slots/{number:02}" for number in range(8))):
        assert {"rw", "noexec", "nosuid", "nodev"} <= options[place], place
        assert any(flag.startswith("size=") for flag in options[place]), place
    attempt = (
        "for f in /new /etc/new /opt/workshop/new /usr/new /root/new; do touch $f 2>/dev/null && echo $f; done; true"
    )
    assert container.execute("sh", "-c", attempt) == ""


def test_it_has_no_network(container: Container):
    assert container.execute("ls", "/sys/class/net").split() in (["lo"], [])
    assert container.execute("cat", "/proc/net/route").splitlines()[1:] == []
    assert container.inspect()["HostConfig"]["NetworkMode"] == "none"


def test_nothing_but_its_socket_is_shared(container: Container):
    found = container.inspect()
    assert [(mount["Destination"], mount["RW"]) for mount in found["Mounts"]] == [("/run/workshop", True)]
    assert not found["HostConfig"]["Privileged"]
    assert not found["HostConfig"]["Devices"]
    assert found["HostConfig"]["PidMode"] == ""
    assert container.execute("ls", "/run/workshop").split() == ["sandbox.lock", "sandbox.sock"]


def test_no_service_has_the_engine_s_socket():
    assert "docker.sock" not in (ROOT / "docker-compose.yml").read_text()


def test_its_limits_are_in_force(container: Container):
    limits = container.inspect()["HostConfig"]
    assert limits["Memory"] == limits["MemorySwap"] == 4 * 2**30
    assert limits["PidsLimit"] == 128
    assert 0 < limits["NanoCpus"] <= 2 * 10**9
    assert {each["Name"]: each["Hard"] for each in limits["Ulimits"]} == {"nofile": 1024, "core": 0}
    assert limits["ReadonlyRootfs"]
    assert limits["CapDrop"] == ["ALL"]
    assert not limits["CapAdd"]
    assert limits["LogConfig"]["Config"] == {"max-size": "1m", "max-file": "3"}


def test_its_security_options_are_those_of_its_jail(container: Container):
    options = container.inspect()["HostConfig"]["SecurityOpt"]
    jail = container.execute("printenv", "WORKSHOP_JAIL").strip()
    assert "no-new-privileges:true" in options
    assert [option for option in options if option.startswith("apparmor")] == [
        f"apparmor:{'unconfined' if jail == 'namespaces' else 'docker-default'}"
    ]
    (profile,) = [option for option in options if option.startswith("seccomp")]
    assert ('"pivot_root"' in profile) == (jail == "namespaces")


def test_it_becomes_healthy(container: Container):
    assert until(lambda: container.inspect()["State"]["Health"]["Status"] == "healthy")


def test_it_ends_at_once_when_it_is_asked_to_and_comes_back(container: Container):
    began = time.monotonic()
    docker("stop", "--time", "20", container.name)
    assert time.monotonic() - began < 15
    assert container.inspect()["State"]["ExitCode"] == 0, container.logs()
    assert "Traceback" not in container.logs()
    docker("start", container.name)
    container.wait()
    with Connection(container.path) as connection, connection.open():
        pass


def test_a_volume_belongs_to_its_user_and_a_worker_needs_it_only_to_read():
    """As docker-compose.yml has it: a named volume, which nobody but containers can reach."""
    with running_container(wait=False, SANDBOX_FOLDER="sandbox") as container:
        assert until(lambda: container.inspect()["State"]["Health"]["Status"] == "healthy", 90), container.logs()
        (mount,) = container.inspect()["Mounts"]
        assert mount["Type"] == "volume"
        worker = ("run", "--rm", "--network", "none", "--user", "4321", "--read-only", "--cap-drop", "ALL")
        command = ("--check", "--socket", "/there/sandbox.sock")
        assert "torch" in docker(*worker, "--volume", f"{mount['Name']}:/there:ro", container.image, *command)
