# Runs once, when the database is made. olamchat comes as a role that owns its database and is no superuser; what takes one is done here.
# Afterwards the superuser has no password, so that nobody can come in as it but by a shell in this container: psql -U postgres.
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres -d olamchat <<'SQL'
CREATE ROLE olamchat LOGIN PASSWORD :'password';
ALTER DATABASE olamchat OWNER TO olamchat;
SELECT format('CREATE EXTENSION %I', name) FROM pg_available_extensions WHERE name IN ('pg_trgm', 'vector') ORDER BY name \gexec
ALTER ROLE postgres PASSWORD NULL;
SQL
