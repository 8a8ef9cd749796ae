export { PromptsScreen } from "./prompts-screen";
