"""Files go into an archive and come back out of it."""

import io
import tarfile

import pytest

from factorlab.engine.archive import tar, untar


def test_files_come_back_as_they_were():
    files = {"app.py": b"print()\n", "deep/in/x": b"\x00\xff", "empty": b""}
    assert untar(tar(files)) == files


def test_scripts_can_be_run_and_all_have_the_date_that_is_wanted():
    packed = tar({"start": b"#!/bin/sh\n", "data": b"x"}, mode=0o600, changed=1_767_600_000)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        assert {m.name: m.mode for m in archive} == {"start": 0o755, "data": 0o600}
        assert {m.mtime for m in archive} == {1_767_600_000}


def test_folders_and_links_are_no_files():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("folder", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert untar(buffer.getvalue()) == {}


def test_what_is_no_archive_is_an_error():
    with pytest.raises(tarfile.TarError):
        untar(b"no archive")
