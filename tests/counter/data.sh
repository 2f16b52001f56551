# What a restore needs to know of the counter's data. Runs with commands/backup/data.sh, in the data volume. It freezes nothing of
# its own: the count is replaced by one rename, and a copy of it is always whole.

holds_counter() {
    [ ! -s count ] || echo "a count of $(cat count)"
}
