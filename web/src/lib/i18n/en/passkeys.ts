/** Passkeys on the account page. */
export const passkeys = {
  "passkeys.about":
    "Sign in with your fingerprint, face or a security key instead of typing. Once you have one, your password alone won't sign you in.",
  "passkeys.add": "Add passkey",
  "passkeys.added": "Passkey added.",
  "passkeys.created": "Added {time}",
  "passkeys.elsewhere":
    "This page wasn't opened at {host}, or your browser has no passkeys: they can be added there, with a browser that does.",
  "passkeys.name": "Name",
  "passkeys.none": "You don't have any yet.",
  "passkeys.off": "Passkeys can't be used at this server's address.",
  "passkeys.remove": "Remove",
  "passkeys.removeAbout": "“{name}” will no longer sign you in. Delete it on your device too.",
  "passkeys.removeOne": "Remove {name}",
  "passkeys.removed": "Passkey removed.",
  "passkeys.rename": "Rename passkey",
  "passkeys.renameOne": "Rename {name}",
  "passkeys.save": "Save",
  "passkeys.synced": "synced",
  "passkeys.there": "This device already has a passkey for your account.",
  "passkeys.title": "Passkeys",
  "passkeys.unused": "never used",
  "passkeys.used": "last used {time}",
} as const;
