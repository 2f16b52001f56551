# What a backup and a restore need to know of Alertmanager's data. Runs with commands/backup/data.sh, in the data volume.

# It writes silences every half minute: those made before the backup are to be in it.
freeze_alertmanager() { # status of its container
    for second in $(seq 60); do
        [ "$1" = running ] && [ ! silences -nt /tmp/started ] || break
        sleep 1
    done
    copy alertmanager
}

holds_alertmanager() {
    [ ! -s silences ] && [ ! -s nflog ] || echo "silences and what was sent"
}
