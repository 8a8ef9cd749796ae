export { ChatScreen } from "./chat-screen";
export { useOutbox } from "./thread/use-outbox";
export { prepareChat } from "./thread/use-thread";
