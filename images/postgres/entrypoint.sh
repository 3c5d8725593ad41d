#!/bin/sh
# First start: create the user and the database that the environment names. Later starts keep them.
set -eu

if [ "${1:-}" = postgres ] && [ ! -e "$PGDATA/configured" ]; then
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo "POSTGRES_PASSWORD is not set: a database without a password is refused." >&2
        exit 1
    fi
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    password=$(printf %s "$POSTGRES_PASSWORD" | sed "s/'/''/g")
    {
        [ "$user" = postgres ] || echo "CREATE ROLE \"$user\" SUPERUSER LOGIN;"
        echo "ALTER ROLE \"$user\" PASSWORD '$password';"
        [ "$database" = postgres ] || echo "ALTER DATABASE spare RENAME TO \"$database\";"
        [ "$user" = postgres ] || echo "ALTER DATABASE \"$database\" OWNER TO \"$user\";"
    } | postgres --single postgres >/dev/null
    touch "$PGDATA/configured"
fi
exec "$@"
