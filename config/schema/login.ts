import { dictionary, secret, text } from "./values";

/** Who logs in somewhere: names, and hashes of passwords. */

export const userName = text(
    /^\w[\w.@-]{0,63}$/,
    "a user's name of letters, digits, _ . @ and -, beginning with one of the first three",
    'one, such as "alice"',
);

/**
 * What `caddy hash-password` and `htpasswd -B` print. A cheaper hash is guessed sooner; each step more takes twice the time, for
 * whoever guesses and for the processor.
 * Source: https://caddyserver.com/docs/caddyfile/directives/basic_auth
 * @param command prints one
 */
export const passwordHash = (command: string) =>
    secret.refine((hash) => hash.satisfies((it) => /^\$2[aby]\$1[0-4]\$[./A-Za-z0-9]{53}$/.test(it)), {
        error: `is not a bcrypt hash of cost 10 to 14; write what this prints: ${command}`,
    });

/** Who may log in. @param hash of a password */
export const usersWith = (hash: ReturnType<typeof passwordHash>) =>
    dictionary(userName, hash, "names with hashes of passwords, such as {alice: ...}").refine(
        (users) => Object.keys(users).length > 0,
        { error: "has nobody who may log in; write a name with the hash of a password" },
    );
