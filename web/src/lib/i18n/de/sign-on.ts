import type { signOn as english } from "../en/sign-on";

/** Signing in by a provider, in German. */
export const signOn: Record<keyof typeof english, string> = {
  "signOn.accountDisabled": "Dieses Konto ist gesperrt. Wende dich an deinen Administrator.",
  "signOn.cancelled": "Der Anbieter hat dich nicht angemeldet.",
  "signOn.closed": "Die Registrierung ist geschlossen. Wende dich an deinen Administrator.",
  "signOn.domainRefused": "Für diese E-Mail-Domain ist die Anmeldung nicht erlaubt.",
  "signOn.emailUnverified":
    "Dein Anbieter hat diese E-Mail-Adresse nicht bestätigt. Bestätige sie dort und versuche es erneut.",
  "signOn.failed": "Die Anmeldung beim Anbieter ist fehlgeschlagen. Versuche es erneut.",
  "signOn.identityTaken":
    "Das Konto mit dieser E-Mail-Adresse gehört beim Anbieter jemand anderem. Wende dich an deinen Administrator.",
  "signOn.or": "oder",
  "signOn.passwordFirst":
    "Du meldest dich zurzeit nur über den Anbieter an. Mit einem Passwort kommst du auch hinein, wenn er nicht erreichbar ist.",
  "signOn.with": "Mit {name} anmelden",
  "signOn.wrongInvitation": "Diese Einladung ist ungültig oder abgelaufen.",
};
