/** What comes with signing in besides e-mail and password. In German. */
export const entry = {
  "entry.code": "Code",
  "entry.codeHint":
    "Aus deiner Authenticator-App. Wenn du sie nicht zur Hand hast, gib einen Wiederherstellungscode ein.",
  "entry.expired": "Das hat zu lange gedauert. Geh zurück und gib dein Passwort noch einmal ein.",
  "entry.wrongCode": "Dieser Code ist falsch oder wurde schon benutzt.",
};
