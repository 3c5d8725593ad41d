#!/bin/sh
set -eu
python manage.py check
exec gunicorn --bind "0.0.0.0:${PORT:-8000}" --workers 1 --threads 8 --access-logfile - \
    --worker-tmp-dir /dev/shm --no-control-socket django_app:app
