export { AuthScreen } from "./auth-screen";
export { UserButton } from "./user-button";
