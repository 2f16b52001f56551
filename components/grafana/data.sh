# What a backup and a restore need to know of Grafana's data. Runs with commands/backup/data.sh, in the data volume.

holds_grafana() {
    [ ! -s grafana.db ] || echo "a database, last changed $(date -u -r grafana.db +%Y-%m-%dT%H:%M:%SZ)"
}
