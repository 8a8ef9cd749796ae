/** Passkeys on the account page. In German. */
export const passkeys = {
  "passkeys.about":
    "Melde dich mit Fingerabdruck, Gesicht oder Sicherheitsschlüssel an, ohne zu tippen. Sobald du einen hast, reicht dein Passwort allein nicht mehr.",
  "passkeys.add": "Passkey hinzufügen",
  "passkeys.added": "Passkey hinzugefügt.",
  "passkeys.created": "Hinzugefügt {time}",
  "passkeys.elsewhere":
    "Diese Seite wurde nicht unter {host} geöffnet, oder dein Browser kennt keine Passkeys: Dort und mit einem anderen Browser lassen sie sich hinzufügen.",
  "passkeys.name": "Name",
  "passkeys.none": "Du hast noch keine.",
  "passkeys.off": "Unter der Adresse dieses Servers gibt es keine Passkeys.",
  "passkeys.remove": "Entfernen",
  "passkeys.removeAbout": "Mit „{name}“ kannst du dich dann nicht mehr anmelden. Lösche ihn auch auf deinem Gerät.",
  "passkeys.removeOne": "{name} entfernen",
  "passkeys.removed": "Passkey entfernt.",
  "passkeys.rename": "Passkey umbenennen",
  "passkeys.renameOne": "{name} umbenennen",
  "passkeys.save": "Speichern",
  "passkeys.synced": "synchronisiert",
  "passkeys.there": "Dieses Gerät hat schon einen Passkey für dein Konto.",
  "passkeys.title": "Passkeys",
  "passkeys.unused": "nie benutzt",
  "passkeys.used": "zuletzt benutzt {time}",
};
