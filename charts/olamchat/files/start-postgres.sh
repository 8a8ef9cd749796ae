# Starts the server on the data of its own major version. An image of another one would find no data of its own and make an empty database:
# that is refused, with the way out. Takes the server's arguments; DISK is for tests.
disk=${DISK:-/var/lib/postgresql}
major=$(postgres --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
export PGDATA="$disk/$major/docker"
others=""
for file in "$disk"/[0-9]*/docker/PG_VERSION; do
  if [ -s "$file" ]; then
    found=$(cat "$file")
    if [ "$found" != "$major" ]; then others="$found"; fi
  fi
done
if [ -n "$others" ] && [ ! -s "$PGDATA/PG_VERSION" ] && [ "$ACCEPT_NEW_MAJOR" != true ]; then
  echo "The disk holds the database of PostgreSQL $others, and this image is PostgreSQL $major, which can't read it: it would start empty." >&2
  echo "Go back to an image of PostgreSQL $others (postgres.image), make a dump, then set postgres.acceptNewMajor and restore the dump:" >&2
  echo "docs/operating.md, Another major version of PostgreSQL." >&2
  exit 1
fi
exec docker-entrypoint.sh postgres "$@"
