#!/bin/bash
# A docker whose only container is this machine, with a Grafana in the folder of this file.

here="$(dirname "$0")"
export PATH="$here:$PATH"
port="$GF_SERVER_HTTP_PORT"
pid="$(cat "$here/pid" 2> /dev/null)"

# One that nobody has waited for is there still, and has ended.
is_running() {
    [ -n "$pid" ] && [ -e "/proc/$pid" ] && [ "$(cut -d ' ' -f 3 "/proc/$pid/stat")" != Z ]
}
is_healthy() {
    exec 3<> "/dev/tcp/127.0.0.1/$port" && printf 'GET /api/health HTTP/1.0\r\n\r\n' >&3 && grep -q ok <&3
}

case "$1" in
exec)
    [ "$2" != --interactive ] || shift
    shift 2
    exec "${@/127.0.0.1\/3000/127.0.0.1\/$port}"
    ;;
run)
    while [ "$1" != --entrypoint ]; do
        [ "$1" != --env ] || export "${2?}"
        shift
    done
    shift 4 # --entrypoint /bin/sh IMAGE -c
    exec sh -c "$@"
    ;;
restart)
    [ -z "$pid" ] || kill "$pid" 2> /dev/null
    while is_running; do sleep 0.05; done
    grafana server < /dev/null > "$here/log" 2>&1 &
    echo $! > "$here/pid"
    ;;
logs) cat "$here/log" ;;
inspect)
    if [ "$3" != '{{json .State.Health}}' ]; then
        is_running && echo "/grafana running 0 false" || echo "/grafana exited 0 false"
    elif (is_healthy) 2> /dev/null; then
        echo '{ "Status": "healthy" }'
    else
        echo '{ "Status": "starting" }'
    fi
    ;;
esac
