// Server-sent events out of pieces of text that end anywhere.

export interface Message {
    event: string;
    data: string;
}

const LINE_CHARS_MAX = 4 << 20; // no event is as long: what is, is not kept

export class EventParser {
    tooLong = 0;
    private rest = "";
    private event = "";
    private data: string | null = null;

    push(text: string): Message[] {
        const messages: Message[] = [];
        const all = this.rest + text;
        let from = 0;
        for (let to; (to = all.indexOf("\n", from)) >= 0; from = to + 1)
            this.takeLine(all.slice(from, to), messages);
        this.rest = all.slice(from);
        if (this.rest.length > LINE_CHARS_MAX) {
            this.rest = "";
            this.tooLong++;
        }
        return messages;
    }

    private takeLine(line: string, messages: Message[]) {
        if (line === "") {
            if (this.data !== null) messages.push({ event: this.event, data: this.data });
            this.event = "";
            this.data = null;
        } else if (line.startsWith("data: ")) {
            this.data = (this.data === null ? "" : this.data + "\n") + line.slice(6);
        } else if (line.startsWith("event: ")) {
            this.event = line.slice(7);
        }
    }
}
