"""Runs a command as if the container engine were on another machine.

    unshare --net python tests/engine/far.py COMMAND…

`unshare` gives it a network of its own, with nothing but a loopback. On that, `DOCKER_HOST` leads
through this program to the machine's engine. Containers' addresses and ports that the engine
publishes are out of reach, as they are with an engine far away.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress

from docker.constants import DEFAULT_UNIX_SOCKET

SET_FLAGS = 0x8914
UP = 0x1
"""Linux's request to set an interface's flags, and the flag of one that is up."""
ENGINE = os.environ.get("DOCKER_HOST", DEFAULT_UNIX_SOCKET).split("unix://")[-1]


def bring_up_loopback() -> None:
    """As `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, and then its end."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def relay(door: socket.socket) -> None:
    """Lead each caller at the door to the engine."""
    while True:
        caller, _ = door.accept()
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(ENGINE)
        for pair in ((caller, engine), (engine, caller)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


def main() -> int:
    """Run the command; its exit status."""
    bring_up_loopback()
    door = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=relay, args=[door], daemon=True).start()
    host = f"tcp://127.0.0.1:{door.getsockname()[1]}"
    return subprocess.run(sys.argv[1:], env={**os.environ, "DOCKER_HOST": host}).returncode


if __name__ == "__main__":
    sys.exit(main())
