"use client";

import { Component, type ReactNode } from "react";

export interface BoundaryProps {
  readonly fallback: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

/** Shows words where a part of the page broke or could not be fetched, instead of an empty page. */
export class Boundary extends Component<BoundaryProps, { readonly broken: readonly [unknown] | null }> {
  override state: { readonly broken: readonly [unknown] | null } = { broken: null };

  static getDerivedStateFromError(error: unknown) {
    return { broken: [error] as const };
  }

  override render(): ReactNode {
    return this.state.broken === null ? this.props.children : this.props.fallback(this.state.broken[0]);
  }
}
