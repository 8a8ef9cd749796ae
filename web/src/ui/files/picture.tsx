"use client";

import { type ReactNode, useState } from "react";
import { renew } from "@/lib/api";
import { FILES } from "@/lib/api/files";

export interface PictureProps {
  readonly src: string;
  readonly alt: string;
  readonly className: string;
  readonly fallback: ReactNode;
}

/** An image; one of our own is asked for once more where the session has to be renewed first. */
export function Picture({ src, alt, className, fallback }: PictureProps) {
  const [tries, setTries] = useState(0);
  if (tries > 1) return fallback;
  const onError = () => {
    if (tries > 0 || !src.startsWith(FILES)) setTries(2);
    else
      renew().then(
        (good) => setTries(good ? 1 : 2),
        () => setTries(2),
      );
  };
  return (
    <img
      src={tries === 0 ? src : `${src}?again`}
      alt={alt}
      loading="lazy"
      decoding="async"
      className={className}
      onError={onError}
    />
  );
}
