"""The door to Postgres: the tables, the pool of connections, and one module of queries for each aggregate."""
