/** What this tab keeps of a person, to be forgotten when they go. Who keeps something says so; who ends a session need not know them. */

const forgetters = new Set<() => void>();

export const whenForgotten = (forget: () => void): unknown => forgetters.add(forget);

export function forgetInTab(): void {
  for (const forget of forgetters) forget();
}
