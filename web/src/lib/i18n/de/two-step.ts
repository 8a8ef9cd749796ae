/** Two-step sign-in on the account page. In German. */
export const twoStep = {
  "twoStep.about":
    "Neben deinem Passwort brauchst du zum Anmelden dann einen Code aus einer Authenticator-App auf deinem Handy.",
  "twoStep.byHand": "Scannen klappt nicht? Gib diesen Schlüssel in der App ein:",
  "twoStep.code": "Code aus der App",
  "twoStep.codes": "Wiederherstellungscodes",
  "twoStep.isOff": "Die Anmeldung in zwei Schritten ist aus.",
  "twoStep.keep":
    "Bewahre diese Wiederherstellungscodes sicher auf. Mit jedem kannst du dich einmal ohne App oder Passkey anmelden. Sie werden nicht noch einmal gezeigt.",
  "twoStep.kept": "Ich habe sie gespeichert",
  "twoStep.left": "{count, plural, one:Noch # Wiederherstellungscode., other:Noch # Wiederherstellungscodes.}",
  "twoStep.newCodes": "Neue Wiederherstellungscodes",
  "twoStep.newCodesAbout": "Deine alten Wiederherstellungscodes gelten dann nicht mehr.",
  "twoStep.next": "Weiter",
  "twoStep.off": "Ausschalten",
  "twoStep.offAbout": "Wenn du keine Passkeys hast, reicht zum Anmelden dann dein Passwort allein.",
  "twoStep.on": "Einschalten",
  "twoStep.passwordFirst":
    "Du meldest dich über den Anbieter an, der selbst einen zweiten Faktor verlangen kann. Lege erst ein Passwort fest, wenn du hier einen möchtest.",
  "twoStep.proof": "Gib dein Passwort ein, um fortzufahren.",
  "twoStep.qr": "QR-Code für die Authenticator-App",
  "twoStep.scan": "Scanne das mit einer Authenticator-App und gib dann den Code ein, den sie zeigt.",
  "twoStep.secret": "Schlüssel für die App",
  "twoStep.since": "Eingeschaltet seit {time}.",
  "twoStep.title": "Anmeldung in zwei Schritten",
  "twoStep.wrongCode": "Dieser Code ist falsch. Prüfe die Uhr deines Handys und versuche den nächsten.",
  "mustSetUp.later": "Später",
  "mustSetUp.now":
    "Für dein Konto ist sie vorgeschrieben. Richte eine Authenticator-App oder einen Passkey ein, um fortzufahren.",
  "mustSetUp.title": "Anmeldung in zwei Schritten einrichten",
  "mustSetUp.until":
    "Für dein Konto ist sie ab {time} vorgeschrieben. Richte eine Authenticator-App oder einen Passkey ein.",
};
