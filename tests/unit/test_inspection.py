"""Secrets are looked for in every layer, however the engine packs an image."""

import io
import json
import tarfile

import pytest

from factorlab.engine import inspection


def packed(entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in entries:
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


LAYER = packed([("app/.env", b"PASSWORD=melon-46")])


def record(image, *layers):
    return [{"Config": f"{image}.json", "Layers": layers}]


@pytest.mark.parametrize(
    "entries",
    [
        [
            ("aa/layer.tar", LAYER),
            ("manifest.json", json.dumps(record("aa", "aa/layer.tar")).encode()),
        ],
        [
            ("1f.tar", LAYER),
            ("aa/layer.tar", "../1f.tar"),
            ("manifest.json", json.dumps(record("aa", "aa/layer.tar")).encode()),
        ],
        [
            ("1f.tar", LAYER),
            ("aa/layer.tar", "../1f.tar"),
            ("manifest.json", json.dumps(record("aa", "1f.tar")).encode()),
        ],
    ],
    ids=["Docker", "a layer that two images share", "Podman"],
)
def test_a_secret_is_found_in_a_layer_and_behind_a_link_to_it(monkeypatch, entries):
    monkeypatch.setattr(inspection, "export", lambda images: iter([packed(entries)]))
    found = inspection.find_in_files(["sha256:aa"], ["melon-46"])
    assert found == {"sha256:aa": ["/app/.env"]}
    assert inspection.find_in_files(["sha256:aa"], ["other"]) == {"sha256:aa": []}
