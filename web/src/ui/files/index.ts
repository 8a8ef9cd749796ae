export { AttachButton } from "./attach-button";
export { Attachments } from "./attachments";
export { DropZone } from "./drop-zone";
export { useObstacle } from "./use-obstacle";
