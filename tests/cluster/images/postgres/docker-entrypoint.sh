#!/bin/sh
# The part of the official image's entry point that the chart relies on: a new data folder with one user and one database, and the scripts that
# are to run on it once.
set -eu
sockets=/var/run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
    initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile=/tmp/password --encoding=UTF8 --no-locale --auth=trust --no-sync >/dev/null
    rm /tmp/password
    printf 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all all scram-sha-256\n' >"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -c unix_socket_directories=$sockets" start >/dev/null
    export PGHOST="$sockets" PGUSER="$POSTGRES_USER"
    psql -d postgres -c "CREATE DATABASE \"$POSTGRES_DB\"" >/dev/null
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -e "$script" ] || PGDATABASE="$POSTGRES_DB" sh -eu "$script"
    done
    unset PGHOST PGUSER
    pg_ctl -D "$PGDATA" -w -m fast stop >/dev/null
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories="$sockets"
