#!/bin/sh
# Answers every request: a GET tells the count, a POST adds a step to it first.
step="$(cat /etc/counter/current/step)"
count="$(cat /counter/count 2> /dev/null || echo 0)"
if [ "$REQUEST_METHOD" = POST ]; then
    count=$((count + step))
    # One rename: whoever reads it finds the old count or the new one.
    echo "$count" > /counter/count.new && mv /counter/count.new /counter/count
fi
printf 'Content-Type: text/plain; version=0.0.4\r\n\r\n'
cat << END
# TYPE counter_total counter
counter_total $count
# TYPE counter_step gauge
counter_step $step
END
