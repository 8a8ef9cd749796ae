import type { signOn as english } from "../en/sign-on";

/** Signing in by a provider, in German. */
export const signOn: Record<keyof typeof english, string> = {
  "signOn.accountDisabled": "Dieses Konto ist gesperrt. Fragen Sie, wer diesen Server betreibt.",
  "signOn.cancelled": "Der Anbieter hat Sie nicht angemeldet.",
  "signOn.closed": "Hier kann sich niemand selbst registrieren. Fragen Sie, wer diesen Server betreibt.",
  "signOn.domainRefused": "Mit dieser E-Mail-Domain kann man sich hier nicht anmelden.",
  "signOn.emailUnverified":
    "Der Anbieter bestätigt nicht, dass diese E-Mail-Adresse Ihnen gehört. Lassen Sie sie dort bestätigen und versuchen Sie es erneut.",
  "signOn.failed": "Die Anmeldung beim Anbieter hat nicht geklappt. Versuchen Sie es noch einmal.",
  "signOn.identityTaken":
    "Das Konto mit dieser E-Mail-Adresse gehört beim Anbieter jemand anderem. Fragen Sie, wer diesen Server betreibt.",
  "signOn.or": "oder",
  "signOn.passwordFirst":
    "Sie melden sich nur über den Anbieter an. Mit einem Passwort kommen Sie auch hinein, wenn er nicht erreichbar ist.",
  "signOn.with": "Mit {name} anmelden",
  "signOn.wrongInvitation": "Diese Einladung gilt nicht oder nicht mehr.",
};
