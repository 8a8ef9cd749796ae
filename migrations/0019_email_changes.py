"""Changing one's e-mail: a link to the new address, and a notice to the old one."""

UP = """
ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('reset', 'email', 'email_changed'));
-- A notice is nobody's: it must arrive even if the account is deleted or changed again before the mail server is back. It carries the new address.
ALTER TABLE mails ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE mails ADD COLUMN new_email text;
ALTER TABLE mails ADD CONSTRAINT mails_notice CHECK ((kind = 'email_changed') = (user_id IS NULL AND new_email IS NOT NULL));
-- The address that a link confirms.
ALTER TABLE mail_links ADD COLUMN email text;
"""
