# What a backup needs to know of the samples that Receive has taken. Runs with commands/backup/data.sh, in the data volume, while
# Receive is paused.

# Blocks do not change any more, and are linked; the log, the head and all else is copied.
freeze_thanosReceive() {
    prepare frozen
    for folder in receive/ receive/*/; do
        mkdir ".metrics-stack/frozen/$folder"
        chown "$(stat -c %u:%g "$folder")" ".metrics-stack/frozen/$folder"
    done
    for entry in receive/*/*; do
        case "${entry##*/}" in
        ??????????????????????????) how=-al ;;
        *) how=-a ;;
        esac
        cp "$how" "$entry" ".metrics-stack/frozen/${entry%/*}/" || fail "$entry could not be copied within the data volume"
    done
}
