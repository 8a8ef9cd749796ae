/** What comes with signing in besides e-mail and password. In German. */
export const entry = {
  "entry.code": "Code",
  "entry.codeHint":
    "Aus deiner Authenticator-App. Wenn du sie nicht zur Hand hast, gib einen Wiederherstellungscode ein.",
  "entry.expired": "Das hat zu lange gedauert. Geh zurück und gib dein Passwort noch einmal ein.",
  "entry.wrongCode": "Dieser Code ist falsch oder wurde schon benutzt.",
  "entry.choose": "Neues Passwort wählen",
  "entry.chosen": "Dein neues Passwort gilt, und du wurdest überall abgemeldet. Melde dich damit an.",
  "entry.forgot": "Passwort vergessen?",
  "entry.forgotAbout": "Gib deine E-Mail-Adresse ein, und wir schicken dir einen Link, um ein neues zu wählen.",
  "entry.newPassword": "Neues Passwort",
  "entry.noMail":
    "Dieser Server kann keine E-Mails verschicken. Frag deinen Administrator: Er kann dir ein neues Passwort geben.",
  "entry.send": "Link schicken",
  "entry.sent": "Wenn es zu dieser E-Mail-Adresse ein Konto gibt, ist ein Link dorthin unterwegs. Er gilt 30 Minuten.",
  "entry.toSignIn": "Zurück zur Anmeldung",
  "entry.wrongLink": "Dieser Link ist ungültig, schon benutzt oder abgelaufen. Fordere einen neuen an.",
  "entry.confirmEmail": "Neue E-Mail-Adresse bestätigen",
  "entry.emailChanged": "Deine E-Mail-Adresse ist geändert. Melde dich von jetzt an damit an.",
  "entry.usePasskey": "Passkey verwenden",
  "entry.passkeyRefused": "Dieser Passkey wurde nicht angenommen. Vielleicht wurde er aus deinem Konto entfernt.",
  "entry.recoveryCode": "Wiederherstellungscode",
};
