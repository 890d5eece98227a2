// Proxy-wasm is a plugin for proxies such as Envoy, written without an SDK: host.go has what that would bring. It asks another server
// whether a request may pass, counts requests, and puts a line before what comes back.
package main

import (
	"strconv"
	"strings"
)

// The line that is put before a response, which is the plugin's configuration.
var line string

// The number of the metric that counts requests.
var requests uint32

// The requests that wait for a reply, by the number of the call for it.
var waiting = map[uint32]uint32{}

//go:wasmexport proxy_on_context_create
func contextCreate(id, parent uint32) {}

//go:wasmexport proxy_on_vm_start
func vmStart(id, size uint32) uint32 { return 1 }

// configure reads the configuration: a plugin that refuses it is not used.
//
//go:wasmexport proxy_on_configure
func configure(id, size uint32) uint32 {
	line = "seen by a plugin"
	if size > 0 {
		line = buffer(pluginConfiguration)
	}
	if strings.Contains(line, "\n") {
		logInfo("the configuration is one line")
		return 0
	}
	proxyDefineMetric(counter, "requests", &requests)
	proxySetTick(1000)
	return 1
}

// requestHeadersArrive lets a request pass, answers it, or has it wait for what another server says.
//
//go:wasmexport proxy_on_request_headers
func requestHeadersArrive(id, count, isEnd uint32) uint32 {
	proxyIncrementMetric(requests, 1)
	path := header(requestHeaders, ":path")
	proxySetHeader(requestHeaders, "x-from", property("source", "address"))
	switch {
	case strings.HasPrefix(path, "/denied"):
		answer(403, "go away\n")
		return pause
	case strings.HasPrefix(path, "/private"):
		headers := pairs([2]string{":method", "GET"}, [2]string{":path", path}, [2]string{":authority", "auth"})
		var call uint32
		if proxyHTTPCall("auth", headers, "", "", 1000, &call) != ok {
			answer(500, "nobody to ask\n")
			return pause
		}
		waiting[call] = id
		return pause
	}
	return proceed
}

// reply is what the other server said; without headers, it said nothing.
//
//go:wasmexport proxy_on_http_call_response
func reply(id, call, headers, size, trailers uint32) {
	status := "nothing"
	if headers > 0 {
		status = header(replyHeaders, ":status")
	}
	logInfo("asked for a request, and was told " + status)
	proxySetContext(waiting[call])
	delete(waiting, call)
	if status == "200" {
		proxyContinue(requestStream)
	} else {
		answer(403, "not you\n")
	}
}

// responseHeadersArrive makes the length unknown, since it changes.
//
//go:wasmexport proxy_on_response_headers
func responseHeadersArrive(id, count, isEnd uint32) uint32 {
	proxyRemoveHeader(responseHeaders, "content-length")
	return proceed
}

// responseBodyArrives waits for all of a body, and puts the line before it.
//
//go:wasmexport proxy_on_response_body
func responseBodyArrives(id, size, isEnd uint32) uint32 {
	if isEnd == 0 {
		return pause
	}
	proxySetBuffer(responseBody, 0, 0, line+"\n")
	return proceed
}

// tick counts ticks in data that all plugins share.
//
//go:wasmexport proxy_on_tick
func tick(id uint32) {
	var cas uint32
	last, _ := get(func(to, length *uint32) uint32 { return proxyGetShared("ticks", to, length, &cas) })
	ticks, _ := strconv.Atoi(last)
	proxySetShared("ticks", strconv.Itoa(ticks+1), cas)
}

//go:wasmexport proxy_on_done
func done(id uint32) uint32 { return 1 }

//go:wasmexport proxy_on_log
func logged(id uint32) {}

//go:wasmexport proxy_on_delete
func deleted(id uint32) {}

// answer answers a request in place of the server that it is for.
func answer(status uint32, body string) {
	proxyAnswer(status, "", body, pairs([2]string{"content-type", "text/plain"}), noGRPC)
}

// main is never called in a reactor, but Go wants one.
func main() {}
