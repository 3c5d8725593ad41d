"""Whose object is it, and does the owner still live?"""

import subprocess
import sys

import psutil

from factorlab.engine.cleanup import labels


def owner_of(pid: int) -> str:
    return f"{labels.host()}:{pid}:{round(psutil.Process(pid).create_time())}"


def test_this_process_is_alive():
    assert labels.alive(labels.owner())


def test_a_process_that_has_ended_is_dead():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = owner_of(process.pid)
        assert labels.alive(owner)
        process.kill()
    assert not labels.alive(owner)


def test_a_process_that_waits_to_be_reaped_is_dead():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = owner_of(process.pid)
    process.kill()
    psutil.wait_procs([], timeout=0)
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert not labels.alive(owner)
    process.communicate()


def test_a_process_id_that_was_given_to_another_is_dead():
    host, pid, started = labels.owner().split(":")
    assert not labels.alive(f"{host}:{pid}:{int(started) - 1000}")
    assert labels.alive(f"{host}:{pid}:{int(started) - 1}"), "a small step of the clock is fine"


def test_processes_of_other_machines_count_as_alive():
    assert labels.alive("another-host:1:1")
    assert labels.alive("")
    assert labels.alive("nonsense")


def test_two_sessions_share_no_name_and_all_labels_tell_who():
    first, second = labels.Session("01-config"), labels.Session("01-config")
    assert first.object_name("db") != second.object_name("db")
    told = first.labels("app", "web")
    assert told[labels.OWNER] == labels.owner()
    assert told[labels.SESSION] == first.id
    assert (told[labels.ROLE], told[labels.NAME]) == ("app", "web")
    assert labels.COURSE in told
