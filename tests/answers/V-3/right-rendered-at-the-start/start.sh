#!/bin/sh
set -eu
: "${DATABASE_URL:?}" "${GREETING:?}" "${SUPPORT:?}"
sed -e "s|@GREETING@|$GREETING|" -e "s|@SUPPORT@|$SUPPORT|" page.html > /tmp/page.html
exec uvicorn app:app --host 0.0.0.0 --port 8000
