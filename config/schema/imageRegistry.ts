/**
 * The reference under which an image is pulled: below the stack's own registry, unless it names a registry itself.
 * ("prom/prometheus:v3.13.5", "registry.example.com:5000/mirror") is "registry.example.com:5000/mirror/prom/prometheus:v3.13.5".
 * @param registry host, port and path of the registry; undefined for none
 */
export function pulledFrom(registry: string | undefined, image: string): string {
    return registry === undefined || namesRegistry(image) ? image : `${registry}/${image}`;
}

/**
 * True where the part before the first slash is a host: "docker.io/prom/prometheus" is one too, so that a single image can stay with
 * Docker Hub. Source: https://docs.docker.com/reference/cli/docker/image/tag/ and https://pkg.go.dev/github.com/distribution/reference
 */
function namesRegistry(image: string): boolean {
    const slash = image.indexOf("/");
    return slash !== -1 && isRegistryHost(image.slice(0, slash));
}

/** True for what Docker takes for a host, and not for a folder of Docker Hub. */
export function isRegistryHost(part: string): boolean {
    return part === "localhost" || /[.:]/.test(part);
}
