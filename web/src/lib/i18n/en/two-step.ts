/** Two-step sign-in on the account page. */
export const twoStep = {
  "twoStep.about": "Besides your password, signing in then takes a code from an authenticator app on your phone.",
  "twoStep.byHand": "Can't scan it? Enter this key in the app:",
  "twoStep.code": "Code from the app",
  "twoStep.codes": "Recovery codes",
  "twoStep.isOff": "Two-step sign-in is off.",
  "twoStep.keep":
    "Keep these recovery codes in a safe place. Each lets you sign in once without your app or passkey. You won't see them again.",
  "twoStep.kept": "I've saved them",
  "twoStep.left": "{count, plural, one:# recovery code left., other:# recovery codes left.}",
  "twoStep.newCodes": "New recovery codes",
  "twoStep.newCodesAbout": "Your old recovery codes will stop working.",
  "twoStep.next": "Continue",
  "twoStep.off": "Turn off",
  "twoStep.offAbout": "Unless you have passkeys, your password alone will then be enough to sign in.",
  "twoStep.on": "Turn on",
  "twoStep.passwordFirst":
    "You sign in through the provider, which may ask for a second factor itself. Set a password first if you want one here.",
  "twoStep.proof": "Enter your password to continue.",
  "twoStep.qr": "QR code for the authenticator app",
  "twoStep.scan": "Scan this with an authenticator app, then enter the code it shows.",
  "twoStep.secret": "Key for the app",
  "twoStep.since": "On since {time}.",
  "twoStep.title": "Two-step sign-in",
  "twoStep.wrongCode": "This code is wrong. Check the clock of your phone, and try the next one.",
} as const;
