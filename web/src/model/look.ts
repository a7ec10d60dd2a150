// How somebody looks at a timeline: whether the newest line stays in sight, and which lines are
// chosen. Numbers are those of entries.
import type { Watched } from "./watched";

export class Look {
    isFollowing = true;
    anchor = -1; // the chosen lines reach from here
    focus = -1; // to here; -1: none are chosen
    toReveal = -1;

    constructor(private readonly watched: Watched) {}

    follow(isFollowing: boolean) {
        this.isFollowing = isFollowing;
        this.watched.changed();
    }

    choose(number: number, extend = false) {
        if (!extend || this.anchor < 0) this.anchor = number;
        this.focus = this.toReveal = number;
        this.isFollowing = false;
        this.watched.changed();
    }

    chooseAll() {
        const { first, next } = this.watched.timeline;
        this.anchor = first;
        this.focus = next - 1;
        this.watched.changed();
    }

    chooseNone() {
        this.anchor = this.focus = -1;
        this.watched.changed();
    }

    has(number: number) {
        const { anchor, focus } = this;
        return number >= Math.min(anchor, focus) && number <= Math.max(anchor, focus) && focus >= 0;
    }

    // The line of a finding: the AT line nearest to that time. false: it is no longer kept.
    chooseTime(t_ms: number): boolean {
        const { timeline } = this.watched;
        let best = -1;
        let least = 1000;
        for (let number = timeline.next - 1; number >= timeline.first; number--) {
            const entry = timeline.get(number);
            if (entry.kind === "gap" && entry.reason === "restarted") break;
            const distance = Math.abs(entry.t_ms - t_ms);
            if (entry.kind === "at" && distance < least) {
                least = distance;
                best = number;
            }
        }
        if (best >= 0) this.choose(best);
        return best >= 0;
    }
}
