"""The audit log as a chain: each row carries a number and a hash over the row before it, so that nobody changes, removes or moves one unseen.

A trigger does this for every writer, including functions of the previous version. Existing rows are chained in chronological order.
"""

# Keep in step with olamchat/db/people/audit.py, which checks by an expression of its own: a function in the database can be exchanged there.
UP = """
CREATE TABLE audit_chain (
    the_one boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    number bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT sha256('olamchat'),
    erased_number bigint NOT NULL DEFAULT 0,
    erased_hash bytea NOT NULL DEFAULT sha256('olamchat'),
    erased_until timestamptz
);
INSERT INTO audit_chain DEFAULT VALUES;
ALTER TABLE audit ADD COLUMN number bigint, ADD COLUMN hash bytea;

CREATE FUNCTION audit_hash(previous bytea, entry audit) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        entry.number, entry.id, (extract(epoch FROM entry.created_at) * 1000000)::bigint, entry.event, entry.actor_id, entry.subject,
        entry.address, entry.user_agent, entry.details)::text, 'UTF8'))
$$;
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE previous audit_chain;
BEGIN
    SELECT * INTO STRICT previous FROM audit_chain FOR NO KEY UPDATE;
    NEW.number := previous.number + 1;
    NEW.hash := audit_hash(previous.hash, NEW);
    UPDATE audit_chain SET number = NEW.number, hash = NEW.hash;
    RETURN NEW;
END $$;

DO $$
DECLARE entry audit; last bytea := sha256('olamchat'); counted bigint := 0;
BEGIN
    FOR entry IN SELECT * FROM audit ORDER BY created_at, id LOOP
        counted := counted + 1;
        entry.number := counted;
        last := audit_hash(last, entry);
        UPDATE audit SET number = counted, hash = last WHERE id = entry.id;
    END LOOP;
    UPDATE audit_chain SET number = counted, hash = last;
END $$;

ALTER TABLE audit ALTER COLUMN number SET NOT NULL, ALTER COLUMN hash SET NOT NULL;
CREATE UNIQUE INDEX audit_number ON audit (number);
CREATE TRIGGER audit_append BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_append();
"""
