# What a backup and a restore do inside the data volumes of a stack. Runs in a short-lived container of the image of the stack's
# first part, Prometheus, which mounts each volume at /data/<part>; see volumes.ts. Written for busybox sh. What is of one part
# alone is in the data.sh of its folder: a function each, which is named after what is done and the part's key.
#
# In: $1 the action, $2 the part's key, STATE_<key> the patterns of what its program keeps its state in, WELL the keys of those whose
# program runs and is well. What belongs to nobody
# but this script is in the folder .metrics-stack of the volume, which the programs take no notice of:
#
#     frozen/      a backup's copy, made in a moment and archived at leisure
#     incoming/    a restore's new data, complete before the old is touched; gone when the switch has come to its end
#     old/         what was there before, until somebody has seen the program well with the new data
#     filling      the old data is out of the way, what stands in its place is new
set -eu
umask 077

fail() {
    echo "$1" >&2
    exit 1
}

# Everything that the part's program keeps its state in.
state() { # part
    eval "echo \"\$STATE_$1\""
}

# Whether the part has a function of its own.
has() { # function
    command -v "$1" > /dev/null
}

move() { # part, from, to
    (cd "$2" && for entry in $(state "$1"); do
        [ ! -e "$entry" ] || [ "$entry" = lost+found ] || mv "$entry" "/data/$1/$3/"
    done)
}

# Gets what is there out of the way; it goes with the folder.
drop() { # part
    rm -rf .metrics-stack/failed
    mkdir .metrics-stack/failed
    move "$1" . .metrics-stack/failed
}

back() { # part
    cd "/data/$1"
    [ -d .metrics-stack/old ] || return 0
    [ ! -e .metrics-stack/filling ] || drop "$1"
    move "$1" .metrics-stack/old .
    rm -rf .metrics-stack
}

# Removes what is unfinished: a switch that did not come to its end is taken back first.
clean() {
    for volume in /data/*; do
        [ ! -d "$volume/.metrics-stack/incoming" ] || (back "${volume##*/}")
        rm -rf "$volume/.metrics-stack/frozen" "$volume/.metrics-stack/incoming"
        [ ! -d "$volume/.metrics-stack" ] || rmdir "$volume/.metrics-stack" 2> /dev/null || true
    done
}

# The container lives as long as the command that started it: stdin ends with it, however it ends.
hold() {
    clean
    # One that was killed left the previous data of a switch that did come to its end.
    for part in $WELL; do
        rm -rf "/data/$part/.metrics-stack"
    done
    touch /tmp/started
    echo ready
    cat > /dev/null
    while [ -e /tmp/switching ]; do sleep 0.1; done
    clean
}

# A folder with the owner and mode of the volume's own, which Prometheus and Grafana have to be able to write.
prepare() { # name
    rm -rf ".metrics-stack/$1"
    mkdir -p ".metrics-stack/$1"
    chown "$(stat -c %u:%g .)" ".metrics-stack/$1"
    chmod "$(stat -c %a .)" ".metrics-stack/$1"
}

copy() { # part
    prepare frozen
    for entry in $(state "$1"); do
        [ ! -e "$entry" ] || [ "$entry" = lost+found ] || cp -a "$entry" .metrics-stack/frozen/ ||
            fail "$1 could not be copied within its data volume"
    done
}

freeze() { # part, status of its container
    cd "/data/$1"
    if has "freeze_$1"; then "freeze_$1" "$2"; else copy "$1"; fi
}

# Proves that the part's program can read the copy.
verify() { # part, frozen | incoming
    cd "/data/$1/.metrics-stack/$2"
    "verify_$1"
}

# Says what the part holds, nothing where it holds nothing.
holds() { # part
    cd "/data/$1"
    if has "holds_$1"; then
        "holds_$1"
    elif [ -n "$(ls -A | grep -v -e '^lost+found$' -e '^.metrics-stack$')" ]; then
        echo "files"
    fi
}

switch() { # part
    touch /tmp/switching
    trap 'rm -f /tmp/switching' EXIT
    cd "/data/$1"
    if [ -d .metrics-stack/old ]; then
        # Nobody has seen the program well with what is there: what was before that is what to go back to.
        drop "$1"
    else
        mkdir .metrics-stack/old
        move "$1" . .metrics-stack/old
    fi
    touch .metrics-stack/filling
    move "$1" .metrics-stack/incoming .
    chown "$(stat -c %u:%g .metrics-stack/incoming)" .
    chmod "$(stat -c %a .metrics-stack/incoming)" .
    sync
    rmdir .metrics-stack/incoming
}

case "$1" in
hold) hold ;;
freeze) freeze "$2" "$3" ;;
size) find "/data/$2/.metrics-stack/frozen" -type f -exec stat -c %s {} + | awk '{ sum += $1 } END { printf "%.0f", sum }' ;;
verify) verify "$2" "$3" ;;
pack) cd /data && tar -c -f - */.metrics-stack/frozen ;;
holds) holds "$2" ;;
unpack) cd /data && tar -x -p -f - ;;
switch) switch "$2" ;;
back) back "$2" ;;
settle) rm -rf "/data/$2/.metrics-stack" ;;
esac
