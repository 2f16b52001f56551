/** A certificate, valid for a hundred years, and its private key. Made for these tests; nothing trusts it. */
export const certificate = [
    "-----BEGIN CERTIFICATE-----",
    "MIIBdTCCARugAwIBAgIUEBhF3HMmTK2wWP1nPlzvo5mMxxIwCgYIKoZIzj0EAwIw",
    "DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjQwODM5NDFaGA8yMTI2MTAzMTA4Mzk0",
    "MVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDnK",
    "crJfzwh75PGU4vgFwBtsPI5Ww8tMHEQj6JcEO9fkCmgX0507QfD2eZoP6xxDKKLX",
    "2bPiT572bGCi8vBhYgmjUzBRMB0GA1UdDgQWBBRwYPHAdZaqE4I2bSUgihofyWGT",
    "yTAfBgNVHSMEGDAWgBRwYPHAdZaqE4I2bSUgihofyWGTyTAPBgNVHRMBAf8EBTAD",
    "AQH/MAoGCCqGSM49BAMCA0gAMEUCIQDqh58W3U3b6vVQxqRpx0Frp4Bivvv7REqA",
    "CWg4GlB3hAIgN5YhesigBAvFFgv9dwmhtAXh/mNOddEr6d3wn4VDKEE=",
    "-----END CERTIFICATE-----",
    "",
].join("\n");

export const privateKey = [
    "-----BEGIN PRIVATE KEY-----",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZoPQvZNTO783Z5DF",
    "Io8pDqTBlnUTlswXO14Ee5K6acKhRANCAAQ5ynKyX88Ie+TxlOL4BcAbbDyOVsPL",
    "TBxEI+iXBDvX5ApoF9OdO0Hw9nmaD+scQyii19mz4k+e9mxgovLwYWIJ",
    "-----END PRIVATE KEY-----",
    "",
].join("\n");

/** A private key of no certificate. */
export const strangeKey = [
    "-----BEGIN PRIVATE KEY-----",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggPs6qvZ7K6Yw+TfI",
    "O4L6wDbIHfH5giSlaORP7m1kpPOhRANCAASGk44ooc3b43WEf4piV8CfLb2FalVx",
    "zVbGuqxJszqbp8L3xJeCvEFQD31eaPiAhhDWVaPrktaPSnT80f6qteqw",
    "-----END PRIVATE KEY-----",
    "",
].join("\n");

/** A certificate with a serial number below zero: Node.js reads it, Go and so Prometheus do not. */
export const unusableCertificate = [
    "-----BEGIN CERTIFICATE-----",
    "MIIBYjCCAQigAwIBAgIB+zAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDAR0ZXN0MCAX",
    "DTI2MTEyNDA4NDEyM1oYDzIxMjYxMDMxMDg0MTIzWjAPMQ0wCwYDVQQDDAR0ZXN0",
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOcpysl/PCHvk8ZTi+AXAG2w8jlbD",
    "y0wcRCPolwQ71+QKaBfTnTtB8PZ5mg/rHEMootfZs+JPnvZsYKLy8GFiCaNTMFEw",
    "HQYDVR0OBBYEFHBg8cB1lqoTgjZtJSCKGh/JYZPJMB8GA1UdIwQYMBaAFHBg8cB1",
    "lqoTgjZtJSCKGh/JYZPJMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAw",
    "RQIgdcGXozaIy0+Pm+tCZOY+piFpzszKKyMqnLZTgyVYzVwCIQDr2Y71cPW9jREP",
    "pPiw7LBlFN1mIYQNfq5SD+oax0gJrg==",
    "-----END CERTIFICATE-----",
    "",
].join("\n");

/** The certificate and the key of a pair's Alertmanagers: for the name alertmanager, and an authority of its own. */
export const pairCertificate = [
    "-----BEGIN CERTIFICATE-----",
    "MIIBnjCCAUSgAwIBAgIUQ9uQVpt2clVFlHWTREUo6lLAdlEwCgYIKoZIzj0EAwIw",
    "FzEVMBMGA1UEAwwMYWxlcnRtYW5hZ2VyMCAXDTI2MTEyNjE0MzIyM1oYDzIxMjYx",
    "MTAyMTQzMjIzWjAXMRUwEwYDVQQDDAxhbGVydG1hbmFnZXIwWTATBgcqhkjOPQIB",
    "BggqhkjOPQMBBwNCAARQ3Y/keslRDk0oumys8Nc3AOwKLfOKTpLg17pKJ/cHE94/",
    "SjSkC2C3t2YtX4BE9yLRnEtlvYmczdnb6ALbNMUeo2wwajAdBgNVHQ4EFgQUmNuJ",
    "TyEVPgbWwHzl1EZLxYkHzokwHwYDVR0jBBgwFoAUmNuJTyEVPgbWwHzl1EZLxYkH",
    "zokwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxhbGVydG1hbmFnZXIwCgYI",
    "KoZIzj0EAwIDSAAwRQIgchcV4LF/+xCVqwSRZtwljsbrUiUfJVnl6kPeo/y2k7QC",
    "IQCHgbH8y4NtuAe3OJFJDQslB0wZEtjeOUu0wFrGpEk1GQ==",
    "-----END CERTIFICATE-----",
    "",
].join("\n");

export const pairKey = [
    "-----BEGIN PRIVATE KEY-----",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/5ouASVny4EBuK7x",
    "Wt+QHc1/srLPqjYHhlIxoX9VQR+hRANCAARQ3Y/keslRDk0oumys8Nc3AOwKLfOK",
    "TpLg17pKJ/cHE94/SjSkC2C3t2YtX4BE9yLRnEtlvYmczdnb6ALbNMUe",
    "-----END PRIVATE KEY-----",
    "",
].join("\n");

/** The certificate of Thanos' sidecars, with its key. Made for these tests, as docs/long-term-storage.md says; nothing trusts it. */
export const thanosCertificate = [
    "-----BEGIN CERTIFICATE-----",
    "MIIBizCCATKgAwIBAgIUbwfMOKYO86LHfwqE9UrYuUsTepcwCgYIKoZIzj0EAwIw",
    "ETEPMA0GA1UEAwwGdGhhbm9zMCAXDTI2MTEyNjIyNTc0N1oYDzIxMjYxMTAyMjI1",
    "NzQ3WjARMQ8wDQYDVQQDDAZ0aGFub3MwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC",
    "AARw076PMxT4Qe4VazjgrXZkunXWLT4SaQoSjLLqStDhmoSohUAQjV+4soJICU8A",
    "R3tsZCtsv5pnHRrLK3bu+ErTo2YwZDAdBgNVHQ4EFgQU0LLnG1Bpg5uGuFDAGeX2",
    "EIpHoFcwHwYDVR0jBBgwFoAU0LLnG1Bpg5uGuFDAGeX2EIpHoFcwDwYDVR0TAQH/",
    "BAUwAwEB/zARBgNVHREECjAIggZ0aGFub3MwCgYIKoZIzj0EAwIDRwAwRAIgciHu",
    "v5QgsT7vtw/UhxdB9xbjBCsDWVlIjCvRGXS6D6ACIEHPqxsY/HOXJ3PPRR42HcB3",
    "1mwQXJDnDQtG/ftWqqc8",
    "-----END CERTIFICATE-----",
    "",
].join("\n");

export const thanosKey = [
    "-----BEGIN PRIVATE KEY-----",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIVnhm7S1KpaSBQbL",
    "VVLwx/PHvQfgyq096Sd+GiqsRcChRANCAARw076PMxT4Qe4VazjgrXZkunXWLT4S",
    "aQoSjLLqStDhmoSohUAQjV+4soJICU8AR3tsZCtsv5pnHRrLK3bu+ErT",
    "-----END PRIVATE KEY-----",
    "",
].join("\n");
