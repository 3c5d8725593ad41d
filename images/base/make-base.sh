#!/bin/sh
# Writes a slim Debian 12 root file system as a tar to standard output: the stand-in for
# debian:bookworm-slim where no image registry answers. Needs root and mmdebstrap; takes
# about ten seconds. The hooks leave apt working, keep no caches and no documentation.
set -eu

for fast in /dev/shm "${TMPDIR:-/tmp}"; do
    [ -d "$fast" ] && [ -w "$fast" ] && break
done

TMPDIR="$fast" exec mmdebstrap --quiet --variant=apt --include=usr-is-merged \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --aptopt='Acquire::Languages "none"' \
    --customize-hook='cd "$1" && rm -rf usr/share/doc/* usr/share/man/* usr/share/info/* \
        usr/share/locale/* usr/share/lintian/* var/cache/debconf/*-old var/lib/dpkg/*-old \
        var/log/apt var/log/dpkg.log etc/resolv.conf etc/hostname' \
    --customize-hook='printf "%s\n" force-unsafe-io "path-exclude=/usr/share/doc/*" \
        "path-exclude=/usr/share/man/*" "path-exclude=/usr/share/info/*" \
        "path-exclude=/usr/share/locale/*" "path-exclude=/usr/share/lintian/*" \
        > "$1/etc/dpkg/dpkg.cfg.d/01slim"' \
    --customize-hook='printf "%s\n" "APT::Install-Recommends \"false\";" \
        "Dir::Cache::pkgcache \"\";" "Dir::Cache::srcpkgcache \"\";" \
        "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb || true\"; };" \
        > "$1/etc/apt/apt.conf.d/99slim"; rm -f "$1"/var/cache/apt/*.bin' \
    bookworm -
