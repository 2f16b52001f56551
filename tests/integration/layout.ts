/**
 * What of a page is cut off, overlaps or lies beyond its edges. It runs in the browser, so it has all that it needs inside: boxes
 * are measured, and what scrolls by itself may be larger than its place.
 */
export function layoutFaults(): string[] {
    const width = document.documentElement.clientWidth;
    const scrolling = ".legend, .menu, nav";
    const visible = (element: Element) => {
        const { width, height } = element.getBoundingClientRect();
        return element.checkVisibility() && width > 0 && height > 0;
    };
    const all = [...document.querySelectorAll("header.top, header.top *, main, main *")].filter(visible);
    const named = (element: Element) =>
        `${element.tagName.toLowerCase()}.${element.className} "${element.textContent?.slice(0, 60)}"`;

    const beyond = all.filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return (left < -1 || right > width + 1) && !element.parentElement?.closest(scrolling);
    });
    /** A text may end in an ellipsis where its title has all of it. */
    const cutOff = all.filter((element) => {
        const { overflowX, display } = getComputedStyle(element);
        const isTooWide = display !== "inline" && element.scrollWidth > element.clientWidth + 1;
        const isShortened = element.hasAttribute("title") && overflowX === "hidden";
        return isTooWide && !isShortened && !element.matches(scrolling) && !element.closest(".plot");
    });
    const overlapping = all.flatMap((parent) => {
        const children = [...parent.children].filter((child) => visible(child) && !child.closest(".plot > *, .about"));
        return children.flatMap((one, i) =>
            children.slice(i + 1).flatMap((other) => {
                const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                return across > 1 && down > 1 ? [`${named(one)} overlaps ${named(other)}`] : [];
            }),
        );
    });
    const faults = [
        ...beyond.map((element) => `${named(element)} lies beyond the page`),
        ...cutOff.map((element) => `${named(element)} is cut off`),
        ...overlapping,
    ];
    return document.documentElement.scrollWidth > width ? [`the page scrolls sideways`, ...faults] : faults;
}
