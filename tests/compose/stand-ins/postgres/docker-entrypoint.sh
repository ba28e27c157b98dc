#!/bin/bash
# Makes the database of POSTGRES_USER, POSTGRES_PASSWORD_FILE, POSTGRES_DB and POSTGRES_INITDB_ARGS where there is none,
# then is the server: what the official image does for an ordinary user, and no more.
set -euo pipefail
umask 077
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -r "${POSTGRES_PASSWORD_FILE:?}" ] || { echo "cannot read $POSTGRES_PASSWORD_FILE" >&2; exit 1; }
  # shellcheck disable=SC2086 # several options
  initdb --username="${POSTGRES_USER:?}" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust \
    --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl --wait --options='-c listen_addresses=' start
  [ "${POSTGRES_DB:=$POSTGRES_USER}" = postgres ] ||
    createdb --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
  pg_ctl --wait --mode=fast stop
fi
[ "$1" != postgres ] || set -- "$@" -c 'listen_addresses=*'
exec "$@"
