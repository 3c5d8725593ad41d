"""Secrets are looked for in every layer, however the engine packs an image."""

import gzip
import hashlib
import io
import json
import lzma
import tarfile
from types import SimpleNamespace

import pytest

from factorlab.engine.images import export, inspection
from factorlab.errors import NotReady


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
HASHES = {
    data: "sha256:" + hashlib.sha256(data).hexdigest()
    for data in (LAYER, packed([("app/x", b"x")]))
}
OTHER = list(HASHES)[1]
CONFIG = "5c/config.json"
"""The record is named after its own hash, which is the image's id on some engines and not on others."""


def manifest(*layers, config=CONFIG):
    return ("manifest.json", json.dumps([{"Config": config, "Layers": layers}]).encode())


def record(*layers, name=CONFIG):
    hashes = [HASHES[layer] for layer in layers]
    return (name, json.dumps({"rootfs": {"type": "layers", "diff_ids": hashes}}).encode())


@pytest.fixture
def engine(monkeypatch):
    """An engine whose images have these layers, and whose archive has these entries."""

    def has(images, entries):
        known = {
            image: {"RootFS": {"Layers": [HASHES[layer] for layer in layers]}}
            for image, layers in images.items()
        }
        api = SimpleNamespace(inspect_image=known.__getitem__)
        for module in (inspection, export):
            monkeypatch.setattr(module, "connect", lambda: SimpleNamespace(api=api))
        monkeypatch.setattr(export, "export", lambda images: iter([packed(entries)]))

    return has


@pytest.mark.parametrize(
    "entries",
    [
        [("aa/layer.tar", LAYER), record(LAYER), manifest("aa/layer.tar")],
        [("1f.tar", LAYER), ("aa/layer.tar", "../1f.tar"), record(LAYER), manifest("aa/layer.tar")],
        [record(LAYER), manifest("1f.tar"), ("1f.tar", LAYER)],
        [("blobs/1f", gzip.compress(LAYER)), record(LAYER), manifest("blobs/1f")],
    ],
    ids=["Docker", "a layer that two images share", "Podman", "containerd's store, packed"],
)
def test_a_secret_is_found_in_a_layer_and_behind_a_link_to_it(engine, entries):
    engine({"sha256:aa": [LAYER]}, entries)
    found = inspection.find_in_files(["sha256:aa"], ["melon-46"])
    assert found == {"sha256:aa": ["/app/.env"]}
    assert inspection.find_in_files(["sha256:aa"], ["other"]) == {"sha256:aa": []}


def test_each_of_two_images_has_what_is_in_its_own_layers(engine):
    two = [
        ("1f.tar", LAYER),
        ("2f.tar", OTHER),
        record(LAYER),
        record(OTHER, LAYER, name="6d.json"),
        (
            "manifest.json",
            json.dumps(
                [
                    {"Config": "6d.json", "Layers": ["2f.tar", "1f.tar"]},
                    {"Config": CONFIG, "Layers": ["1f.tar"]},
                ]
            ).encode(),
        ),
    ]
    engine({"sha256:aa": [LAYER], "sha256:bb": [OTHER, LAYER]}, two)
    ids = ["sha256:aa", "sha256:bb"]
    assert inspection.find_in_files(ids, ["melon"]) == {id: ["/app/.env"] for id in ids}
    found = inspection.files_of(ids)
    assert (list(found["sha256:aa"]), list(found["sha256:bb"])) == ([], ["app/x"])


@pytest.mark.parametrize(
    "entries",
    [
        [("1f.tar", OTHER), record(OTHER), manifest("1f.tar")],
        [record(LAYER), manifest("1f.tar")],
        [("1f.tar", b"\x28\xb5\x2f\xfd packed otherwise"), record(LAYER), manifest("1f.tar")],
        [("1f.tar", lzma.compress(LAYER)), record(LAYER), manifest("1f.tar")],
        [("1f.tar", LAYER), manifest("1f.tar")],
        [("1f.tar", LAYER), record(LAYER)],
    ],
    ids=[
        "another image",
        "no layer",
        "a layer packed by zstd",
        "by xz",
        "no record",
        "no manifest",
    ],
)
def test_an_image_that_was_not_looked_into_is_not_called_clean(engine, entries):
    engine({"sha256:aa": [LAYER]}, entries)
    with pytest.raises(NotReady) as told:
        inspection.find_in_files(["sha256:aa"], ["melon-46"])
    assert "could not be read" in told.value.what
    assert told.value.why and told.value.next
    engine({"sha256:aa": [LAYER], "sha256:bb": [OTHER]}, entries)
    with pytest.raises(NotReady):
        inspection.files_of(["sha256:aa", "sha256:bb"])
