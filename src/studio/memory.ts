/** The few settings that outlive a visit. A browser that keeps nothing loses them, and nothing else. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`tidegate.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`tidegate.${name}`, value);
  } catch {
    // Not allowed here: it is only for convenience.
  }
}
