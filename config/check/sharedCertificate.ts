import type { Problem } from "../schema/problems";
import type { Secret } from "../schema/secret";
import { belongTogether, namesOf } from "../schema/tls";

/** Makes a certificate, which is its own authority, for all who prove by it to each other who they are. */
export const makingOf = (name: string) =>
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 " +
    `-subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout key.pem -out cert.pem`;

interface Certificate {
    readonly cert?: string | undefined;
    readonly key?: Secret | undefined;
}

/** @param name what all of them are called in it, wherever they are */
export function certificateMistakes(path: Problem["path"], name: string, { cert, key }: Certificate): Problem[] {
    const isStrange = cert !== undefined && namesOf(cert)?.includes(name) === false;
    const isOfAnother = cert !== undefined && key !== undefined && belongTogether(cert, key) === false;
    const strange = `is not for ${name}; write one that this makes: ${makingOf(name)}`;
    const ofAnother = "is not the key of cert; write the key that belongs to it";
    return [
        ...(isStrange ? [{ path: [...path, "cert"], message: strange }] : []),
        ...(isOfAnother ? [{ path: [...path, "key"], message: ofAnother }] : []),
    ];
}
