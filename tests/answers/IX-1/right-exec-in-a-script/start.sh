#!/bin/sh
set -e
export TZ=UTC
exec uvicorn app:app --host 0.0.0.0 --port "${PORT:-8000}"
