"""Runs a program that is told nothing of changes to this machine's networks:

    python unmoved.py PROGRAM ARGUMENT…

Chromium drops its connections whenever a network comes or goes (ERR_NETWORK_CHANGED), and other
tests' labs make some all the time; what a page had just sent is lost then. It hears of them by
netlink, so the kernel refuses such sockets to it (seccomp, see prctl(2)), and it goes on without.
"""

import ctypes
import os
import platform
import struct
import sys

SOCKET = {"x86_64": 41, "aarch64": 198}
"""Machine -> the number of the system call socket()."""
AF_NETLINK = 16
EAFNOSUPPORT = 97
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_AT, FIRST_ARGUMENT_AT = 0, 16
"""Where these stand in the kernel's `struct seccomp_data`."""
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | EAFNOSUPPORT


class Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse_netlink() -> None:
    """For this process and all that it starts. Raises OSError where the kernel has no seccomp."""
    steps = [
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_IF_EQUAL, 0, 3, SOCKET[platform.machine()]),
        (LOAD_WORD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_IF_EQUAL, 0, 1, AF_NETLINK),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    program = Program(len(steps), b"".join(struct.pack("=HBBI", *step) for step in steps))
    kernel = ctypes.CDLL(None, use_errno=True)
    for call in (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0),
    ):
        if kernel.prctl(*call):
            raise OSError(ctypes.get_errno(), "the kernel took no seccomp filter")


if __name__ == "__main__":
    refuse_netlink()
    os.execvp(sys.argv[1], sys.argv[1:])
