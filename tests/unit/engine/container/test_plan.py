"""What the engine is given to make a container: limits, privileges, health check."""

from factorlab.engine.container.plan import Health, Limits, Plan, Upkeep


def plan(**how):
    return Plan(image="i", name="n", labels={"k": "v"}, network="net", aliases=["web"], **how)


def test_a_container_gets_no_privileges_and_has_ceilings():
    host = plan(limits=Limits(memory_mib=64, cpus=0.5, processes=9)).host_settings()
    assert host["cap_drop"] == ["ALL"] and host["cap_add"] is None
    assert host["security_opt"] == ["no-new-privileges:true"]
    assert host["mem_limit"] == host["memswap_limit"] == 64 * 2**20
    assert (host["nano_cpus"], host["pids_limit"]) == (500_000_000, 9)
    assert host["network_mode"] == "net" and host["port_bindings"] is None


def test_a_port_is_published_on_loopback_only():
    published = plan(publish=8000)
    assert published.settings()["ports"] == [8000]
    assert published.host_settings()["port_bindings"] == {8000: ("127.0.0.1", None)}


def test_a_volume_is_read_only_unless_it_may_be_written():
    host = plan(volumes={"a": ("/a", False), "b": ("/b", True)}).host_settings()
    assert [(m["Source"], m["Target"], m["ReadOnly"]) for m in host["mounts"]] == [
        ("a", "/a", True),
        ("b", "/b", False),
    ]


def test_a_health_check_is_given_in_nanoseconds():
    upkeep = Upkeep(Health(["CMD", "x"], interval=0.5, start_period=2), "on-failure", 3)
    settings = plan(upkeep=upkeep).settings()
    assert settings["healthcheck"]["interval"] == 500_000_000
    assert settings["healthcheck"]["start_period"] == 2_000_000_000
    host = plan(upkeep=upkeep).host_settings()
    assert host["restart_policy"] == {"Name": "on-failure", "MaximumRetryCount": 3}


def test_an_empty_health_check_switches_off_the_images_own():
    assert Upkeep(Health([])).healthcheck()["test"] == ["NONE"]
    assert Upkeep().healthcheck() is None
