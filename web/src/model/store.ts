// What components look at: it tells them when it has changed, at most once a frame.
import { useLayoutEffect, useReducer } from "preact/hooks";

const FRAME_MS = 33;

export class Store {
    private watchers = new Set<() => void>();
    private isPending = false;
    private told = 0;

    watch(watcher: () => void): () => void {
        this.watchers.add(watcher);
        return () => this.watchers.delete(watcher);
    }

    changed() {
        if (this.isPending || this.watchers.size === 0) return;
        this.isPending = true;
        const wait = Math.max(0, this.told + FRAME_MS - performance.now());
        setTimeout(() => {
            this.isPending = false;
            this.told = performance.now();
            for (const watcher of this.watchers) watcher();
        }, wait);
    }
}

export function useStore(store: Store) {
    const [, again] = useReducer((count: number) => count + 1, 0);
    // At once: what changes between a picture and its effects would not be seen.
    useLayoutEffect(() => store.watch(() => again(undefined)), [store]);
}
