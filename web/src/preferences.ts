// What somebody prefers, kept by the browser where it may be. The token is not among it.

export function preference(key: string): string | null {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

export function prefer(key: string, value: string) {
    try {
        localStorage.setItem(key, value);
    } catch {
        // It holds until the page is closed.
    }
}
