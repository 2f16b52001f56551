import type { Problem } from "../schema/problems";
import type { KeyPair } from "../schema/tls";
import { keyMistakes, namesOf } from "../schema/tls";

/** Makes a certificate, which is its own authority, for all who prove by it to each other who they are. */
export const makingOf = (name: string) =>
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 " +
    `-subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout key.pem -out cert.pem`;

/** @param name what all of them are called in it, wherever they are */
export function certificateMistakes(path: Problem["path"], name: string, pair: KeyPair): Problem[] {
    const isStrange = pair.cert !== undefined && namesOf(pair.cert)?.includes(name) === false;
    const strange = `is not for ${name}; write one that this makes: ${makingOf(name)}`;
    return [...(isStrange ? [{ path: [...path, "cert"], message: strange }] : []), ...keyMistakes(path, pair)];
}
