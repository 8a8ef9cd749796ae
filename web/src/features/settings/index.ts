export { AccountScreen } from "./account-screen";
export { HelpSheet } from "./help-sheet";
export { SettingsPanel } from "./settings-panel";
