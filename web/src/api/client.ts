// Requests to the control interface. The token is kept here and nowhere else.

export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
        readonly field?: string,
    ) {
        super(message);
    }
}

const PATIENCE_MS = 10_000;

async function errorOf(response: Response): Promise<ApiError> {
    const body = await response.json().catch(() => null);
    const { code = "", message = response.statusText, field } = body?.error ?? {};
    return new ApiError(response.status, code, message, field);
}

export class Client {
    constructor(private readonly token: string) {}

    private async fetch(path: string, options: RequestInit): Promise<Response> {
        const headers = { Authorization: `Bearer ${this.token}` };
        const response = await fetch(path, {
            ...options,
            headers,
            cache: "no-store",
            credentials: "omit",
        });
        if (!response.ok) throw await errorOf(response);
        return response;
    }

    // The answer; an ApiError if it was refused, another error if nobody answers.
    async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
        const response = await this.fetch(path, {
            method,
            signal: AbortSignal.timeout(PATIENCE_MS),
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return response.json();
    }

    async stream(path: string, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
        return (await this.fetch(path, { signal })).body!.getReader();
    }
}

export const modemPath = (name: string, rest = "") => `/v1/modems/${encodeURIComponent(name)}${rest}`;
