#!/bin/sh
export UVICORN_HOST=0.0.0.0 UVICORN_PORT="$PORT"
exec "$@"
