# curl; SOCKET names a UNIX socket, if there is one. Each line of the input is a call, "METHOD TARGET FORM BODY"
# with tabs between, and each line of the output its answer, the status and the body in Base64.
set -eu
while IFS=$'\t' read -r method target form body; do
    options=(--silent --show-error --request "$method" --header "Content-Type: application/json" --output answer)
    [ -z "${SOCKET:-}" ] || options+=(--unix-socket "$SOCKET")
    [ "$form" = none ] || options+=(--data-binary "$body")
    [ "$form" != chunked ] || options+=(--header "Transfer-Encoding: chunked")
    echo "$(curl "${options[@]}" --write-out '%{http_code}' "$1$target") $(base64 --wrap=0 answer)"
done
