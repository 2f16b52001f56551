/** What the operating system says of a file that somebody has to do something about. Source: https://man7.org/linux/man-pages/man3/errno.3.html */
const reasons: Readonly<Record<string, string>> = {
    EACCES: "it is somebody else's",
    EPERM: "it is somebody else's",
    EROFS: "its file system is read-only",
    ENOSPC: "the disk is full",
    EDQUOT: "your quota of the disk is used up",
};

/**
 * Why a file of this machine cannot be used, in one line: a checkout may be another user's, or read-only.
 * @returns undefined for any other error
 */
export function unusableFile(error: unknown): string | undefined {
    const { code = "", path: file } = error as NodeJS.ErrnoException;
    const reason = reasons[code];
    return file === undefined || reason === undefined
        ? undefined
        : `${file} cannot be used: ${reason} (${code}). This needs a checkout, a home and a disk that you may write to: ` +
              "work in a clone of your own.";
}
