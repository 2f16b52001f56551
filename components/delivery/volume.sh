# What happens inside a configuration volume. Runs in a short-lived container of the program's own image, which mounts the
# volume read-write; the program itself mounts it read-only. Written for busybox sh. See ../configVolume.ts for the layout.
#
# In: $1 stage | switch | loaded | secrets | inspect, $2 the release; MOUNT_PATH, WATCHED_FOLDER, GENERATION, CHECK, USER_ID in
# the environment.
set -eu
umask 022
cd "$MOUNT_PATH"

fail() {
    echo "$1" >&2
    exit 1
}

# A symbolic link is replaced by one rename: a reader finds the old release or the new one, never none.
point() { # link, release
    rm -f ".$1.new"
    ln -s "releases/$2" ".$1.new"
    mv -T ".$1.new" "$1"
}

# Makes a release current. A watched file keeps its path, and is replaced by one rename, only where it differs.
switch_to() { # release
    [ -d "releases/$1" ] || fail "release $1 is not in the volume; run the deployment again"
    from="releases/$1/$WATCHED_FOLDER"
    for file in "$from"/*; do
        name="${file##*/}"
        [ -e "$file" ] || continue
        ! cmp -s "$file" "$WATCHED_FOLDER/$name" || continue
        cp "$file" "$WATCHED_FOLDER/.$name.new"
        mv "$WATCHED_FOLDER/.$name.new" "$WATCHED_FOLDER/$name"
    done
    point current "$1"
    for file in "$WATCHED_FOLDER"/*; do
        [ -e "$from/${file##*/}" ] || rm -f "$file"
    done
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
    digest > "/tmp/live.$$" 2> /dev/null || true
    changed="$(diff deployed "/tmp/live.$$" | sed -n 's/^[-+<>] *[0-9a-f]\{64\}  //p' | sort -u)"
    [ -z "$changed" ] || echo "somebody changed" $changed
}

# Keeps the five newest releases, and those in use.
prune() {
    ls -1t releases | tail -n +6 | while read -r old; do
        case "releases/$old" in
        "$(readlink current)" | "$(readlink loaded)") ;;
        *) rm -rf "releases/$old" ;;
        esac
    done
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
    rm -rf releases/.incoming releases/.files
}

# Reads a release as a tar archive from stdin, checks it, and puts it beside the current one.
stage() { # release
    mkdir -p releases "$WATCHED_FOLDER" secrets
    rm -rf releases/.incoming
    mkdir releases/.incoming
    tar -x -C releases/.incoming
    (cd releases/.incoming && sh -c "$CHECK")
    sync
    if [ -d "releases/$1" ]; then
        restore "$1"
    else
        mv releases/.incoming "releases/$1"
    fi
    if [ ! -e current ]; then
        # Nothing runs yet: the container about to start finds this release and loads it.
        switch_to "$1"
        point loaded "$1"
        echo "$GENERATION" > generation
    fi
    prune
}

# Replaces all secret files by those of the tar archive on stdin. Only the program's own user can read one.
secrets() {
    mkdir -p secrets
    rm -rf .secrets.new
    mkdir -m 0700 .secrets.new
    tar -x -C .secrets.new
    for file in .secrets.new/*; do
        [ -e "$file" ] || continue
        chmod 0400 "$file"
        chown "$USER_ID" "$file"
        mv "$file" "secrets/${file##*/}"
    done
    rm -rf .secrets.new
    for file in secrets/*; do
        case " $FILES " in
        *" ${file##*/} "*) ;;
        *) rm -f "$file" ;;
        esac
    done
}

case "$1" in
stage) stage "$2" ;;
switch)
    switch_to "$2"
    loaded="$(readlink loaded)"
    loaded="${loaded#releases/}"
    # In another generation nobody knows what the program has loaded.
    if [ "$(cat generation 2> /dev/null)" = "$GENERATION" ] && [ "$(fingerprint "$loaded")" = "$(fingerprint "$2")" ]; then
        echo "$loaded same"
    else
        echo "$loaded changed"
    fi
    ;;
loaded)
    point loaded "$2"
    digest > .deployed.new
    mv .deployed.new deployed
    echo "$GENERATION" > .generation.new
    mv .generation.new generation
    ;;
secrets) secrets ;;
inspect) inspect ;;
esac
