export { AccountScreen } from "./account/account-screen";
export { HelpSheet } from "./help-sheet";
export { SettingsPanel } from "./settings-panel";
export { MustSetUp } from "./two-step/must-set-up";
