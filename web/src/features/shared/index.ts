export { SharedScreen } from "./shared-screen";
