export { KnowledgeScreen } from "./knowledge-screen";
