import { createContext, useContext } from "react";

const Context = createContext(false);

/** Says below that the text is still being written, and isn't only shown bit by bit. */
export const Live = Context.Provider;
export const useLive = (): boolean => useContext(Context);
