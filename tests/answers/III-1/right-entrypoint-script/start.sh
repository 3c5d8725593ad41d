#!/bin/sh
: "${DATABASE_URL:?is not set}"
: "${GREETING:?is not set}"
: "${PORT:?is not set}"
exec uvicorn app:app --host 0.0.0.0 --port "$PORT"
