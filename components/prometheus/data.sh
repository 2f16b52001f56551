# What a backup and a restore need to know of Prometheus' data. Runs with commands/backup/data.sh, in the data volume.

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

# A compaction meanwhile removes files: begin again.
freeze_prometheus() { # status of its container
    for attempt in 1 2 3 4 5; do
        before="$(inventory)"
        if link 2> /tmp/link && [ "$(inventory)" = "$before" ]; then return; fi
        other="$(grep -v "No such file" /tmp/link || true)"
        [ -z "$other" ] || fail "the samples could not be copied within the data volume: $other"
        sleep 1
    done
    fail "Prometheus changed its blocks five times within seconds"
}

# Proves that Prometheus can read all blocks' indexes, and every record of the log. In the folder with the copy.
verify_prometheus() {
    promtool tsdb dump --sandbox-dir-root=/data/prometheus/.metrics-stack --match='{__name__="none_of_them"}' . >&2 ||
        fail "promtool cannot read the samples"
}

holds_prometheus() {
    since="$(sed -n 's/^.*"minTime": *\([0-9]*\)[0-9]\{3\},.*$/\1/p' ./*/meta.json 2> /dev/null | sort -n | head -n 1)"
    if [ -n "$since" ]; then
        echo "samples since $(date -u -d "@$since" +%Y-%m-%dT%H:%M:%SZ)"
    elif [ -n "$(ls wal 2> /dev/null)" ]; then
        echo "samples of the last hours"
    fi
}
