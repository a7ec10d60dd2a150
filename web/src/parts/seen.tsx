// Text from outside: always text, never markup, and what cannot be seen has a name.
import { pieces } from "../text/visible";

interface Props {
    text: string;
    escaped?: boolean;
    find?: string;
    chars?: number; // so much of it
}

function marked(text: string, find: string) {
    if (!find) return text;
    const small = text.toLowerCase();
    const parts = [];
    let at = 0;
    for (let to; (to = small.indexOf(find, at)) >= 0; at = to + find.length)
        parts.push(text.slice(at, to), <mark>{text.slice(to, to + find.length)}</mark>);
    return parts.length ? [...parts, text.slice(at)] : text;
}

export function Seen({ text, escaped = false, find = "", chars = 400 }: Props) {
    const cut = text.length > chars;
    return (
        <bdi dir="ltr">
            {pieces(cut ? text.slice(0, chars) : text, escaped).map((piece) =>
                piece.name ? <i>{piece.name}</i> : marked(piece.text, find),
            )}
            {cut && "…"}
        </bdi>
    );
}
