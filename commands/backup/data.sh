# What a backup and a restore do inside the data volumes of a stack. Runs in a short-lived container of Prometheus' image, which
# mounts each volume at /data/<part>; see volumes.ts. Written for busybox sh.
#
# In: $1 the action, $2 the part (prometheus, alertmanager, grafana). What belongs to nobody but this script is in the folder
# .metrics-stack of the volume, which the three programs take no notice of:
#
#     frozen/      a backup's copy, made in a moment and archived at leisure
#     incoming/    a restore's new data, complete before the old is touched; gone when the switch has come to its end
#     old/         what was there before, until the program is ready with the new data
#     filling      the old data is out of the way, what stands in its place is new
set -eu
umask 077

fail() {
    echo "$1" >&2
    exit 1
}

# Everything that the part's program keeps its state in. Plugins of Grafana are none of it.
state() { # part
    case "$1" in
    prometheus) echo "*" ;;
    alertmanager) echo "silences nflog" ;;
    grafana) echo "grafana.db* secret-key" ;;
    esac
}

move() { # part, from, to
    (cd "$2" && for entry in $(state "$1"); do
        [ ! -e "$entry" ] || [ "$entry" = lost+found ] || mv "$entry" "/data/$1/$3/"
    done)
}

back() { # part
    cd "/data/$1"
    [ -d .metrics-stack/old ] || return 0
    if [ -e .metrics-stack/filling ]; then
        mkdir -p .metrics-stack/failed
        move "$1" . .metrics-stack/failed
    fi
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
    rm -rf /data/*/.metrics-stack
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

# Blocks are named by 26 letters and digits; one in the making or on its way out has a longer name.
blocks() {
    for block in ??????????????????????????; do
        case "$block" in *[!0-9A-Z]*) ;; *) echo "$block" ;; esac
    done
}
inventory() {
    blocks
    ls -d wal/* wbl/* 2> /dev/null || true
}

# What a crash at this moment would leave, from which Prometheus recovers by design: blocks, checkpoint and the segments of the
# write-ahead log. All of them are final but the newest segment, which only grows: it alone is copied, all else is linked. The
# memory-mapped chunks of the head are left out: the log has their samples too, and Prometheus makes them anew.
# Source: Head.Init in https://github.com/prometheus/prometheus/blob/main/tsdb/head.go
link() {
    prepare frozen
    for block in $(blocks); do
        cp -al "$block" .metrics-stack/frozen/ || return 1
    done
    for log in wal wbl; do
        newest="$(ls "$log" 2> /dev/null | grep '^[0-9]*$' | tail -n 1)"
        [ -n "$newest" ] || continue
        mkdir ".metrics-stack/frozen/$log"
        chown "$(stat -c %u:%g "$log")" ".metrics-stack/frozen/$log"
        for entry in "$log"/*; do
            case "${entry##*/}" in
            "$newest") cp -p "$entry" ".metrics-stack/frozen/$log/" || return 1 ;;
            checkpoint.*.tmp) ;;
            *) cp -al "$entry" ".metrics-stack/frozen/$log/" || return 1 ;;
            esac
        done
    done
}

freeze() { # part, status of its container
    cd "/data/$1"
    case "$1" in
    prometheus)
        # A compaction meanwhile removes files: begin again.
        for attempt in 1 2 3 4 5; do
            before="$(inventory)"
            if link 2> /tmp/link && [ "$(inventory)" = "$before" ]; then return; fi
            other="$(grep -v "No such file" /tmp/link || true)"
            [ -z "$other" ] || fail "the samples could not be copied within the data volume: $other"
            sleep 1
        done
        fail "Prometheus changed its blocks five times within seconds"
        ;;
    alertmanager)
        # It writes silences every half minute: those made before the backup are to be in it.
        for second in $(seq 60); do
            [ "$2" = running ] && [ ! silences -nt /tmp/started ] || break
            sleep 1
        done
        ;;
    esac
    prepare frozen
    for file in $(state "$1"); do
        [ ! -e "$file" ] || cp -p "$file" .metrics-stack/frozen/ || fail "$1 could not be copied within its data volume"
    done
}

# Proves that Prometheus can read all blocks' indexes, and every record of the log.
verify() { # frozen | incoming
    cd "/data/prometheus/.metrics-stack/$1"
    promtool tsdb dump --sandbox-dir-root=/data/prometheus/.metrics-stack --match='{__name__="none_of_them"}' . >&2 ||
        fail "promtool cannot read the samples"
}

# Says what the part holds, nothing where it holds nothing.
holds() { # part
    cd "/data/$1"
    case "$1" in
    prometheus)
        since="$(sed -n 's/^.*"minTime": *\([0-9]*\)[0-9]\{3\},.*$/\1/p' ./*/meta.json 2> /dev/null | sort -n | head -n 1)"
        if [ -n "$since" ]; then
            echo "samples since $(date -u -d "@$since" +%Y-%m-%dT%H:%M:%SZ)"
        elif [ -n "$(ls wal 2> /dev/null)" ]; then
            echo "samples of the last hours"
        fi
        ;;
    alertmanager) [ ! -s silences ] && [ ! -s nflog ] || echo "silences and what was sent" ;;
    grafana) [ ! -s grafana.db ] || echo "a database, last changed $(date -u -r grafana.db +%Y-%m-%dT%H:%M:%SZ)" ;;
    esac
}

switch() { # part
    touch /tmp/switching
    trap 'rm -f /tmp/switching' EXIT
    cd "/data/$1"
    mkdir .metrics-stack/old
    move "$1" . .metrics-stack/old
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
verify) verify "$2" ;;
pack) cd /data && tar -c -f - */.metrics-stack/frozen ;;
holds) holds "$2" ;;
unpack) cd /data && tar -x -p -f - ;;
switch) switch "$2" ;;
back) back "$2" ;;
settle) rm -rf "/data/$2/.metrics-stack" ;;
esac
