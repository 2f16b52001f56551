import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { output } from "../../toolchain/process";

/** A private certificate authority with a server's and a client's certificate, made for one test run. */
export class Authority {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-certificates-"));
    public readonly ca: string;
    public readonly server: { readonly cert: string; readonly key: string };
    public readonly client: { readonly cert: string; readonly key: string };

    constructor() {
        const self = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority"];
        this.openssl(...self, "-keyout", "ca.key", "-out", "ca.pem");
        this.ca = this.read("ca.pem");
        this.server = this.signed("server", "metrics.test");
        this.client = this.signed("client", "scraper");
    }

    private signed(name: string, subject: string): { cert: string; key: string } {
        const request = ["req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${subject}`];
        this.openssl(...request, "-keyout", `${name}.key`, "-out", `${name}.csr`);
        writeFileSync(path.join(this.folder, "extensions"), `subjectAltName=DNS:${subject}\n`);
        const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
        this.openssl("x509", "-req", "-days", "2", "-in", `${name}.csr`, "-out", `${name}.pem`, ...authority);
        return { cert: this.read(`${name}.pem`), key: this.read(`${name}.key`) };
    }

    private read = (file: string) => readFileSync(path.join(this.folder, file), "utf8");

    private openssl(...args: string[]): void {
        output("openssl", args, { cwd: this.folder });
    }

    public remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
