export { again, attach, detach, putBack, take, useTray } from "./store";
export { isComing, isReady, type Objection, objection, remembered, type Waiting, waitingFor, waitingOf } from "./tray";
export { useFileLimits } from "./use-limits";
export { useSight } from "./use-sight";
