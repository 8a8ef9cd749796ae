import useSWR from "swr";
import { FILES, type FileLimits, fileLimits } from "../api/files";

/** What may be attached here; undefined until the server has said so. */
export function useFileLimits(): FileLimits | undefined {
  return useSWR(FILES, fileLimits, { revalidateOnFocus: false, revalidateIfStale: false }).data;
}
