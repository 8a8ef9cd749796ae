/** Signing in by a provider. */
export const signOn = {
  "signOn.accountDisabled": "This account is disabled. Contact your administrator.",
  "signOn.cancelled": "The provider did not sign you in.",
  "signOn.closed": "Sign-up is closed. Contact your administrator.",
  "signOn.domainRefused": "Sign-in isn't allowed for this email domain.",
  "signOn.emailUnverified": "Your provider hasn't verified this email. Verify it there, then try again.",
  "signOn.failed": "Signing in with the provider failed. Try again.",
  "signOn.identityTaken":
    "The account with this email belongs to someone else at the provider. Contact your administrator.",
  "signOn.or": "or",
  "signOn.passwordFirst":
    "You currently sign in only through the provider. A password lets you in when it can't be reached.",
  "signOn.with": "Sign in with {name}",
  "signOn.wrongInvitation": "This invitation is invalid or has expired.",
};
