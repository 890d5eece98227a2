// Http-wasm is a handler of HTTP requests for hosts of http-wasm, written without its SDK: host.go has what that would bring. It lets in
// whoever has the token of its configuration, and shouts what comes back.
package main

import (
	"bytes"
	"strconv"
	"strings"
)

// What is enabled before there is a request is enabled for all.
var _ = enableFeatures(bufferRequest | bufferResponse)

// handleRequest answers a request itself, or lets the next handler do so: then the lower half of what it returns is 1, and the upper one
// comes back with the response.
//
//go:wasmexport handle_request
func handleRequest() uint64 {
	uri := get(getURI)
	if token, ok := header(request, "authorization"); strings.HasPrefix(uri, "/private") && (!ok || token != "Bearer "+get(getConfig)) {
		logInfo("no entry: " + uri)
		setStatus(401)
		setHeader(response, "www-authenticate", "Bearer")
		writeBody(response, "who are you?\n")
		return 0
	}
	removeHeader(request, "authorization")
	setHeader(request, "x-seen-by", "plugin")
	if path, _, found := strings.Cut(uri, "?"); found {
		setURI(path)
	}
	length := len(readBody(request))
	return uint64(length)<<32 | 1
}

// handleResponse changes what the next handler has answered.
//
//go:wasmexport handle_response
func handleResponse(length, isError uint32) {
	if isError != 0 {
		setStatus(502)
		writeBody(response, "the next handler failed\n")
		return
	}
	setHeader(response, "x-request-length", strconv.Itoa(int(length)))
	if getStatus() == 200 {
		writeBody(response, string(bytes.ToUpper(readBody(response))))
	}
}

// main is never called in a reactor, but Go wants one.
func main() {}
