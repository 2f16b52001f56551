import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { output } from "../../toolchain/process";

export interface Certificate {
    readonly cert: string;
    readonly key: string;
}

/** A private certificate authority with a server's and a client's certificate, made for one test run. */
export class Authority {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-certificates-"));
    public readonly ca: string;
    public readonly server: Certificate;
    public readonly client: Certificate;

    constructor() {
        const self = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=authority"];
        this.openssl(...self, "-keyout", "ca.key", "-out", "ca.pem");
        this.ca = this.read("ca.pem");
        this.server = this.certificate("server", "DNS:metrics.test");
        this.client = this.certificate("client", "DNS:scraper");
    }

    /**
     * @param alternativeName whom it is for, e.g. "DNS:metrics.test" or "IP:192.0.2.1"
     * @param days how long it is valid
     */
    public certificate(name: string, alternativeName: string, days = 2): Certificate {
        const request = [
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            `/CN=${alternativeName.replace(/^\w+:/, "")}`,
        ];
        this.openssl(...request, "-keyout", `${name}.key`, "-out", `${name}.csr`);
        writeFileSync(path.join(this.folder, "extensions"), `subjectAltName=${alternativeName}\n`);
        const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
        this.openssl("x509", "-req", "-days", String(days), "-in", `${name}.csr`, "-out", `${name}.pem`, ...authority);
        return { cert: this.read(`${name}.pem`), key: this.read(`${name}.key`) };
    }

    /**
     * A folder with ca.pem, cert.pem and key.pem, as Docker reads them. It goes with the authority.
     * @param authority whom the owner of the certificate trusts
     */
    public certificateFolder(name: string, { cert, key }: Certificate, authority: Authority = this): string {
        const folder = path.join(this.folder, name);
        mkdirSync(folder);
        for (const [file, content] of Object.entries({ "ca.pem": authority.ca, "cert.pem": cert, "key.pem": key })) {
            writeFileSync(path.join(folder, file), content, { mode: 0o600 });
        }
        return folder;
    }

    private read = (file: string) => readFileSync(path.join(this.folder, file), "utf8");

    private openssl(...args: string[]): void {
        output("openssl", args, { cwd: this.folder });
    }

    public remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
