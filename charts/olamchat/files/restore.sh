# Brings a dump back into a database that has nothing of olamchat yet, all of it or nothing; one that has is left alone. Takes the dump's file.
there=$(psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -Atc "SELECT to_regclass('public.migrations') IS NOT NULL")
if [ "$there" = t ]; then
  echo "The database is not empty: nothing is restored. For a restore over it, drop the database and create it again (docs/operating.md)."
  exit 0
fi
pg_restore --no-owner --no-privileges --no-comments --single-transaction --exit-on-error --dbname="$DATABASE_URL" "$1"
echo "Restored $(psql "$DATABASE_URL" -Atc 'SELECT count(*) FROM users') accounts and $(psql "$DATABASE_URL" -Atc 'SELECT count(*) FROM messages') messages."
