type Both<T> = (T extends unknown ? (part: T) => void : never) extends (part: infer All) => void ? All : never;

/** Make one catalogue of a language's parts. */
export const joined = <P extends Readonly<Record<string, object>>>(parts: P): Both<P[keyof P]> =>
  Object.assign({}, ...Object.values(parts));
