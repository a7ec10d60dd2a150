import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api/client";
import type { Session } from "../model/session";
import { say } from "../text/words";

export function Login({ session }: { session: Session }) {
    const [problem, setProblem] = useState("");
    const field = useRef<HTMLInputElement>(null);
    useLayoutEffect(() => field.current!.focus(), []); // autofocus holds once a page, this after each logout too
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        try {
            await session.login(String(new FormData(form).get("token")).trim());
        } catch (error) {
            setProblem(
                !(error instanceof ApiError)
                    ? say("noAnswer")
                    : error.status === 401
                      ? say("wrongToken")
                      : error.message,
            );
        }
    };
    return (
        <main class="login">
            <form onSubmit={submit}>
                <h1>imqtt</h1>
                <label>
                    {say("token")}
                    <input ref={field} name="token" type="password" autocomplete="off" required />
                </label>
                <p class="muted">{say("tokenHint")}</p>
                {problem && <p role="alert" class="bad">{problem}</p>}
                <button class="main">{say("login")}</button>
            </form>
        </main>
    );
}
