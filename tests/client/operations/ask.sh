# One request with curl, signed by OpenSSL as production was seen to accept it; the body of the answer, and a line with its status.
# What is asked for is in the environment: METHOD, TARGET, BODY, TOKEN, DAX_BASE, DAX_CA, DAX_KEY.
set -euo pipefail
date=$(date --utc +%Y-%m-%dT%H:%M:%S.%6NZ)
list="(request-target) date"
# The profile vendor-sdk hashes twice: before the signature, and in it.
signature=$(printf '(request-target): %s %s\ndate: %s\n%s' "${METHOD,,}" "${TARGET%%\?*}" "$date" "$BODY" |
    openssl dgst -sha256 -binary | openssl dgst -sha256 -sign "$DAX_KEY" | base64 --wrap=0)
curl --silent --show-error --cacert "$DAX_CA" --request "$METHOD" --path-as-is \
    --header "Authorization: Bearer $TOKEN" --header "Content-Type: application/json" --header "Date: $date" \
    --header "Signature: realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"$list\" signature=\"$signature\"" \
    --data-binary "$BODY" --write-out '\n%{http_code}' "$DAX_BASE$TARGET"
