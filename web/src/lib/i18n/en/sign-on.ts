/** Signing in by a provider. */
export const signOn = {
  "signOn.accountDisabled": "This account is disabled. Ask whoever runs this server.",
  "signOn.cancelled": "The provider did not sign you in.",
  "signOn.closed": "Nobody can sign up here by themselves. Ask whoever runs this server.",
  "signOn.domainRefused": "People with this e-mail's domain do not sign in here.",
  "signOn.emailUnverified":
    "The provider does not say that this e-mail is yours. Have it verified there, then try again.",
  "signOn.failed": "Signing in by the provider did not work. Try once more.",
  "signOn.identityTaken":
    "The account with this e-mail belongs to somebody else at the provider. Ask whoever runs this server.",
  "signOn.or": "or",
  "signOn.passwordFirst": "You sign in by the provider alone. With a password you get in when it can't be reached.",
  "signOn.with": "Sign in with {name}",
  "signOn.wrongInvitation": "This invitation is not good, or not good any more.",
};
