#!/bin/sh
set -e
uvicorn app:app --host 0.0.0.0 --port "$PORT"
