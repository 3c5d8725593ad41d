#!/bin/sh
export FORWARDED_ALLOW_IPS="$TRUSTED_PROXY"
exec uvicorn app:app --host 0.0.0.0 --port 8000
