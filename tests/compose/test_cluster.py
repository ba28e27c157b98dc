"""docker-compose.yml as a whole, run for real: pages, verdicts, two workers with a sandbox each, and nothing lost.

Tests share one cluster and stand in the order in which they leave it usable for those after them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.compose.cluster import LASTING, OURS, Cluster, Visitor, prepared_cluster, until
from tests.compose.containers import ROOT, docker, run

RIGHT = (ROOT / "tests/golden/attention-weighted-sum/baddbmm.py").read_text(encoding="utf-8")
WRONG = (ROOT / "tests/wrong/attention-weighted-sum/sums_the_batch.py").read_text(encoding="utf-8")
SLOW = f"import time\n_end = time.process_time() + 2\nwhile time.process_time() < _end:\n    pass\n{RIGHT}"
ITEM = "weighted sum"
OWNERS = "select lease_owner from jobs where state = 'running'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Up as README says, with two workers and a sandbox for each."""
    with prepared_cluster(WORKSHOP_PROVE="no") as cluster:
        cluster.up("worker=2", "sandbox=2")
        yield cluster


@pytest.fixture(scope="module")
def student(cluster: Cluster) -> Visitor:
    """Of the demo course."""
    visitor = cluster.visitor("student")
    visitor.session.headers["Accept-Language"] = "en"
    return visitor


@pytest.fixture(scope="module")
def item(student: Visitor) -> str:
    """The address of the item that the tests answer."""
    return student.item(ITEM)


def test_the_page_is_open_and_answers_are_judged(cluster, student, item):
    right, wrong = student.submit(item, RIGHT), student.submit(item, WRONG)
    assert student.verdict(right)[0] == "passed"
    status, score = student.verdict(wrong)
    assert status in ("failed", "partial")
    assert score < student.verdict(right)[1]


def test_everything_was_ready_before_who_needs_it_started(cluster):
    def times(service: str) -> list[tuple[str, str]]:
        return [(each["State"]["StartedAt"], each["State"]["FinishedAt"]) for each in cluster.inspect(service)]

    for once in ("secrets", "migrate"):
        (told,) = cluster.inspect(once)
        assert (told["State"]["Status"], told["State"]["ExitCode"]) == ("exited", 0)
        assert told["RestartCount"] == 0
    ((_, drawn),) = times("secrets")
    ((migrating, migrated),) = times("migrate")
    assert all(started > drawn for service in ("postgres", "rabbitmq") for started, _ in times(service))
    assert all(started > migrated for service in ("web", "worker") for started, _ in times(service))
    assert migrating > times("postgres")[0][0]


def test_every_container_that_stays_is_healthy(cluster):
    for service in LASTING:
        for told in cluster.inspect(service):
            assert told["State"]["Health"]["Status"] == "healthy", service
            assert told["RestartCount"] == 0, service


def test_every_worker_has_a_sandbox_of_its_own(cluster):
    sandboxes = {
        re.search(r"at (\S+\.sock)", docker_logs(name))[1]  # type: ignore[index]
        for name in cluster.containers("sandbox")
    }
    assert sandboxes == {"/run/workshop/sandbox.sock", "/run/workshop/sandbox-2.sock"}
    try_it = "from sandbox.pairing import choose; from pathlib import Path; print(choose(Path('/run/workshop')).alone)"
    worker = cluster.containers("worker")[0]
    assert docker("exec", worker, "/opt/workshop/bin/python", "-c", try_it).strip() == "False", "one is free"


def docker_logs(name: str) -> str:
    done = run("docker", "logs", name)
    return done.stdout + done.stderr


def test_nobody_may_do_more_than_it_needs(cluster):
    users = {"postgres": "999:999", "rabbitmq": "999:999", "sandbox": "10001:10001"}
    for service in (*LASTING, "migrate", "secrets"):
        for told in cluster.inspect(service):
            host = told["HostConfig"]
            assert told["Config"]["User"] == users.get(service, "10002:10002"), service
            assert host["CapDrop"] == ["ALL"], service
            assert not host["CapAdd"], service
            assert not host["Privileged"], service
            assert "no-new-privileges:true" in host["SecurityOpt"], service
            assert host["ReadonlyRootfs"], service
            assert host["Memory"] == host["MemorySwap"] > 0, service
            assert host["PidsLimit"] > 0, service
            assert host["LogConfig"]["Config"].keys() == {"max-size", "max-file"}, service
            assert not any("docker.sock" in mount["Source"] for mount in told["Mounts"]), service
            if service in LASTING:
                assert host["NanoCpus"] > 0, service
                assert host["RestartPolicy"]["Name"] == "unless-stopped", service


def test_limits_are_those_of_the_process_too(cluster):
    for service in ("web", "worker", "postgres", "rabbitmq"):
        lines = docker("exec", cluster.containers(service)[0], "cat", "/proc/1/status").splitlines()
        status = dict(line.split(":", 1) for line in lines)
        assert {status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
        assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2"), service


def test_only_the_page_can_be_reached_from_outside_and_only_from_this_machine(cluster):
    for service in LASTING:
        for told in cluster.inspect(service):
            ports = {port: where for port, where in told["HostConfig"]["PortBindings"].items() if where}
            assert bool(ports) == (service == "web"), service
            assert {where["HostIp"] for places in ports.values() for where in places} <= {"127.0.0.1"}


REACH = """
import socket, sys
for address in sys.argv[1:]:
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
        print(address)
    except OSError:
        pass
"""


def reached(name: str, *addresses: str) -> set[str]:
    python = "/opt/workshop/bin/python" if name else "python3"
    return set(docker("exec", name, python, "-c", REACH, *addresses).split())


def address_of(told: dict, network: str) -> str:
    return next(each["IPAddress"] for name, each in told["NetworkSettings"]["Networks"].items() if network in name)


def test_services_reach_whom_they_need_and_nobody_else(cluster):
    (postgres,), (rabbitmq,), (web,) = (cluster.inspect(name) for name in ("postgres", "rabbitmq", "web"))
    everybody = {
        "database": f"{address_of(postgres, 'database')}:5432",
        "broker": f"{address_of(rabbitmq, 'broker')}:5672",
        "pages": f"{address_of(web, 'front')}:8000",
    }
    from_worker = reached(cluster.containers("worker")[0], *everybody.values())
    assert from_worker == {everybody["database"], everybody["broker"]}
    assert set(networks(cluster, "web")) == {"front", "database", "broker"}
    assert set(networks(cluster, "worker")) == {"database", "broker"}
    assert set(networks(cluster, "migrate")) == {"database"}
    assert set(networks(cluster, "postgres")) == {"database"}
    assert set(networks(cluster, "rabbitmq")) == {"broker"}
    assert set(networks(cluster, "sandbox")) == set(networks(cluster, "secrets")) == {"none"}
    mounted = {mount["Destination"] for mount in web["Mounts"]}
    assert "/run/workshop" not in mounted, "the pages cannot ask a sandbox for anything"


def networks(cluster: Cluster, service: str) -> list[str]:
    told = cluster.inspect(service)[0]["NetworkSettings"]["Networks"]
    return [name.removeprefix(f"{cluster.project}_") for name in told]


def test_the_sandbox_has_no_network_and_shares_its_socket_alone(cluster):
    for told in cluster.inspect("sandbox"):
        assert docker("exec", told["Id"], "ls", "/sys/class/net").split() in (["lo"], [])
        assert [(mount["Destination"], mount["RW"]) for mount in told["Mounts"]] == [("/run/workshop", True)]
    for told in cluster.inspect("worker"):
        writable = {mount["Destination"]: mount["RW"] for mount in told["Mounts"]}
        assert writable["/run/workshop"] is False


def test_secrets_are_in_files_that_only_those_see_who_need_them(cluster):
    web = cluster.containers("web")[0]
    found = docker("exec", web, "sh", "-c", "cd /run/secrets && cat web/secret-key database/password broker/password")
    secrets = found.split()
    assert len(set(secrets)) == 3
    assert min(map(len, secrets)) >= 48
    told = {service: json.dumps(cluster.inspect(service)) for service in (*LASTING, *OURS)}
    history = docker("history", "--no-trunc", cluster.inspect("web")[0]["Image"])
    logs = cluster.compose("logs", "--no-color")
    for secret in secrets:
        assert [service for service, text in told.items() if secret in text] == []
        assert secret not in history
        assert secret not in logs
    modes = docker("exec", web, "find", "/run/secrets", "-type", "f", "-printf", "%m %U %G\\n").splitlines()
    assert set(modes) == {"440 10002 10002"}
    seen = {
        service: {mount["Destination"] for mount in cluster.inspect(service)[0]["Mounts"]}
        for service in (*LASTING, "migrate")
    }
    holders = {
        secret: {service for service, places in seen.items() if f"/run/secrets/{secret}" in places}
        for secret in ("web", "database", "broker")
    }
    assert holders == {
        "web": {"web"},
        "database": {"web", "worker", "migrate", "postgres"},
        "broker": {"web", "worker", "rabbitmq"},
    }
    for service in ("web", "worker", "postgres", "rabbitmq"):
        for mount in cluster.inspect(service)[0]["Mounts"]:
            assert not (mount["Destination"].startswith("/run/secrets") and mount["RW"]), service


def test_every_worker_hears_of_work_by_the_broker(cluster):
    (broker,) = cluster.containers("rabbitmq")
    consumers = docker("exec", broker, "rabbitmqctl", "--silent", "list_consumers").splitlines()
    assert len(consumers) >= 2, consumers
    assert len(cluster.query("select name from workers")) == 2


def test_without_its_broker_it_judges_all_the_same(cluster, student, item):
    cluster.compose("stop", "rabbitmq")
    job = student.submit(item, RIGHT)
    assert student.verdict(job)[0] == "passed"
    cluster.compose("start", "rabbitmq")
    assert until(cluster.healthy), cluster.state()


def test_a_worker_that_is_killed_loses_nothing(cluster, student, item):
    job = student.submit(item, SLOW)
    (owner,) = until(lambda: cluster.query(OWNERS)) or [""]
    (victim,) = [name for name in cluster.containers("worker") if owner.startswith(name[:12])]
    docker("kill", "--signal", "KILL", victim)
    assert student.verdict(job)[0] == "passed"
    assert cluster.query(f"select count(*) from verdicts where job_id = {job['id']}") == ["1"]
    docker("start", victim)


def test_a_sandbox_that_is_killed_comes_back_and_the_job_is_judged(cluster, student, item):
    job = student.submit(item, SLOW)
    assert until(lambda: cluster.query(OWNERS))
    for told in cluster.inspect("sandbox"):
        run("kill", "-KILL", str(told["State"]["Pid"]))
    assert student.verdict(job)[0] == "passed"
    assert until(cluster.healthy), cluster.state()


def test_down_and_up_again_keeps_everything(cluster, student, item):
    before = cluster.query("select count(*) from verdicts")
    cluster.down()
    assert cluster.containers("postgres") == []
    cluster.up()
    assert cluster.query("select count(*) from verdicts") == before
    assert "Sign out" in student.page(item), "the key is the old one, so the sign-in lasts"
    assert student.verdict(student.submit(item, RIGHT))[0] == "passed"
