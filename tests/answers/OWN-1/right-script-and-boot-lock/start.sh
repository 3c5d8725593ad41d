#!/bin/sh
set -eu
: "${PORT:?is missing}"
export UVICORN_PORT="$PORT"
exec uvicorn app:app --host 0.0.0.0
