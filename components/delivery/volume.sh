# What happens inside a configuration volume. Runs in a short-lived container of the program's own image, which mounts the
# volume read-write; the program itself mounts it read-only. Written for busybox sh. See ../configVolume.ts for the layout.
#
# In: $1 stage | switch | undo | loaded | vary | secrets | history | inspect, $2 the release, of undo $3 the one that failed;
# MOUNT_PATH, WATCHED_FOLDER, GENERATION, CHECK, USER_ID in the environment. Where the volume is full, an action fails before it has replaced
# anything. One action goes after the other; a deployment and a rollback that change the volume in turns notice it.
set -eu
umask 022
cd "$MOUNT_PATH"

fail() {
    echo "$1" >&2
    exit 1
}

# Has an action wait for another one. The kernel forgets the lock of who is killed, and not every shell has flock.
lock() {
    command -v flock > /dev/null || return 0
    exec 9>> .lock
    waited=0
    until flock -n 9; do
        [ "$waited" -lt 30 ] || fail "another deployment or rollback has been writing into the volume for $waited s; try again"
        sleep 1
        waited=$((waited + 1))
    done
}

# What a broken attempt leaves: it would take room, and be mistaken for a copy of the next one.
clean() {
    rm -rf .*.new "$WATCHED_FOLDER"/.*.new releases/.incoming releases/.files releases/.varied.*
}

# A symbolic link is replaced by one rename: a reader finds the old release or the new one, never none.
prepare() { # link, release
    ln -s "releases/$2" ".$1.new"
}
point() { # link, release
    [ -h ".$1.new" ] || prepare "$1" "$2"
    mv -T ".$1.new" "$1"
}

# Makes a release current. A watched file keeps its path, and is replaced by one rename, only where it differs.
switch_to() { # release
    [ -d "releases/$1" ] || fail "release $1 is not in the volume; run the deployment again"
    from="releases/$1/$WATCHED_FOLDER"
    for file in "$from"/*; do
        name="${file##*/}"
        [ ! -e "$file" ] || cmp -s "$file" "$WATCHED_FOLDER/$name" || cp "$file" "$WATCHED_FOLDER/.$name.new"
    done
    prepare current "$1"
    for copy in "$WATCHED_FOLDER"/.*.new; do
        name="${copy##*/.}"
        [ ! -e "$copy" ] || mv "$copy" "$WATCHED_FOLDER/${name%.new}"
    done
    point current "$1"
    for file in "$WATCHED_FOLDER"/*; do
        [ -e "$from/${file##*/}" ] || rm -f "$file"
    done
}

# The release that a link names, nothing where there is none.
named() { # link
    link="$(readlink "$1" || true)"
    echo "${link#releases/}"
}

# The release that the program last ran with; nothing before the first one.
worked() {
    for release in "$(named loaded)" "$(tail -n 1 history 2> /dev/null | cut -d ' ' -f 2)"; do
        [ -z "$release" ] || [ ! -d "releases/$release" ] || { echo "$release" && return; }
    done
}

# Somebody who switched in between has had another release loaded, and records or takes back that one.
expect() { # release
    [ "$(named current)" = "$1" ] || fail "another deployment or rollback has put $(named current) in the place of $1"
}

# Says what a program has to load again for: everything but the files that it watches.
fingerprint() { # release
    (cd "releases/$1" && find . -type f ! -path "./$WATCHED_FOLDER/*" -exec sha256sum {} + | sort)
}

# Everything that counts in the volume, with its checksum, a line each.
digest() {
    find "$(readlink current)" "$WATCHED_FOLDER" secrets -type f -exec sha256sum {} + | sort -k 2
}

# Says which generation was deployed, and on a second line what somebody changed since. Changes nothing.
inspect() {
    cat generation 2> /dev/null || echo
    [ -e deployed ] || { echo "the last deployment did not come to its end" && return; }
    # Not by busybox diff, which wants to write where a running container cannot.
    changed="$({ digest 2> /dev/null || true; } | sort - deployed | uniq -u | sed -n 's/^[0-9a-f]\{64\}  //p' | sort -u)"
    [ -e loaded ] || changed="loaded $changed"
    [ -z "$changed" ] || echo "somebody changed" $changed
}

# Keeps the releases of the last five changes, that about to be activated, and those in use.
prune() { # release
    kept=" $1 $(readlink current) $(readlink loaded) $(tail -n 5 history 2> /dev/null | cut -d ' ' -f 2 | tr '\n' ' ')"
    for release in releases/*; do
        case "$kept" in
        *" ${release#releases/} "* | *" $release "*) ;;
        *) rm -rf "$release" ;;
        esac
    done
}

# Notes when a release became the one that the program runs with, a line each, for who wants to go back.
note() { # release
    last="$(tail -n 1 history 2> /dev/null || true)"
    [ "${last#* }" != "$1" ] || return 0
    { tail -n 19 history 2> /dev/null || true; } > .history.new
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $1" >> .history.new
    mv .history.new history
}

# Puts back what somebody changed in a release, file by file: it may be the current one.
restore() { # release
    (cd releases/.incoming && find . -type f) > releases/.files
    while read -r file; do
        mkdir -p "releases/$1/${file%/*}"
        cmp -s "releases/.incoming/$file" "releases/$1/$file" || mv "releases/.incoming/$file" "releases/$1/$file"
    done < releases/.files
    (cd "releases/$1" && find . -type f) | while read -r file; do
        grep -qxF "$file" releases/.files || rm -f "releases/$1/$file"
    done
}

# Reads a release as a tar archive from stdin, checks it, and puts it beside the current one.
stage() { # release
    mkdir -p releases/.incoming "$WATCHED_FOLDER" secrets
    tar -x -C releases/.incoming
    (cd releases/.incoming && sh -c "$CHECK")
    sync
    if [ -d "releases/$1" ]; then
        restore "$1"
    else
        mv releases/.incoming "releases/$1"
    fi
    if [ ! -e current ]; then
        # Nothing runs yet: the container about to start finds this release and loads it. The link that it needs comes last.
        point loaded "$1"
        switch_to "$1"
        echo "$GENERATION" > generation
    fi
    prune "$1"
}

# Makes a release current, "varied", that differs from the one that the program last ran with in the files of the tar archive on
# stdin. Says which one that is, for undo.
vary() {
    base="$(worked)"
    cp -a "releases/$base" releases/.varied.new
    tar -x -C releases/.varied.new
    [ ! -d releases/varied ] || mv releases/varied releases/.varied.old
    mv releases/.varied.new releases/varied
    switch_to varied
    echo "$base"
}

# Puts the secret files of the tar archive on stdin in place. Only the program's own user can read one. The others stay for
# now: the release that runs may need them until the next one is loaded.
secrets() {
    mkdir -p secrets
    mkdir -m 0700 .secrets.new
    tar -x -C .secrets.new
    ls .secrets.new | tr '\n' ' ' > .wanted.new
    find .secrets.new -type f -exec chmod 0400 {} + -exec chown "$USER_ID" {} +
    find .secrets.new -type f -exec sh -c 'mv -f "$@" secrets/' sh {} +
    mv .wanted.new wanted
}

# Removes the secret files that the loaded release does not need.
forget() {
    [ -e wanted ] || return 0
    # Of what is listed twice and of what is there, once is what nobody wants.
    { cat wanted wanted | tr ' ' '\n' && ls secrets; } | sort | uniq -u | (cd secrets && xargs -r rm -f)
}

[ "$1" = inspect ] || [ "$1" = history ] || {
    lock
    clean
    trap clean EXIT
}
case "$1" in
stage) stage "$2" ;;
switch)
    loaded="$(worked)"
    switch_to "$2"
    # In another generation nobody knows what the program has loaded.
    if [ -h loaded ] && [ "$(cat generation 2> /dev/null)" = "$GENERATION" ] &&
        [ "$(fingerprint "$loaded")" = "$(fingerprint "$2")" ]; then
        echo "$loaded same"
    else
        echo "${loaded:-$2} changed"
    fi
    ;;
undo)
    expect "$3"
    switch_to "$2"
    # The next deployment takes nothing for granted: without it every step runs again.
    rm -f deployed
    ;;
loaded)
    expect "$2"
    point loaded "$2"
    forget
    # busybox sort says nothing where the volume is full; echo does.
    { digest && echo end; } > .deployed.new
    mv .deployed.new deployed
    note "$2"
    echo "$GENERATION" > .generation.new
    mv .generation.new generation
    ;;
vary) vary ;;
secrets) secrets ;;
history)
    named current
    [ -e history ] || exit 0
    while read -r line; do
        [ ! -d "releases/${line#* }" ] || echo "$line"
    done < history
    ;;
inspect) inspect ;;
esac
