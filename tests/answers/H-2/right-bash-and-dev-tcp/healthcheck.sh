exec 3<>"/dev/tcp/127.0.0.1/$PORT" || exit 1
printf 'GET /live HTTP/1.0\r\nHost: shop\r\n\r\n' >&3
timeout 3 head -n 1 <&3 | grep -q ' 200 '
