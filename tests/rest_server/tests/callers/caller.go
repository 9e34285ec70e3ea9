// Go's own client. Each line of the input is a call, "METHOD TARGET FORM BODY" with tabs between, and each line
// of the output its answer, the status and the body in Base64.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		call := strings.Split(lines.Text(), "\t")
		var body io.Reader
		switch call[2] {
		case "plain":
			body = strings.NewReader(call[3])
		case "chunked":
			// A reader whose length is not known.
			body = io.MultiReader(strings.NewReader(call[3]))
		}
		request, err := http.NewRequest(call[0], os.Args[1]+call[1], body)
		check(err)
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		check(err)
		bytes, err := io.ReadAll(answer.Body)
		check(err)
		answer.Body.Close()
		fmt.Println(answer.StatusCode, base64.StdEncoding.EncodeToString(bytes))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
