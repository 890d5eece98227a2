package main

import "unsafe"

// What a host of waPC gives its guests. What is asked for goes into room of the guest's own, whose size it knows: it is told the lengths of
// the operation and the payload, and asks for those of answers.

//go:wasmimport wapc __guest_request
func guestRequest(operation, payload unsafe.Pointer)

//go:wasmimport wapc __guest_response
func guestResponse(response string)

//go:wasmimport wapc __guest_error
func guestError(text string)

//go:wasmimport wapc __console_log
func consoleLog(line string)

//go:wasmimport wapc __host_call
func hostCall(binding, namespace, operation, payload string) uint32

//go:wasmimport wapc __host_response_len
func hostResponseLen() uint32

//go:wasmimport wapc __host_response
func hostResponse(to unsafe.Pointer)

//go:wasmimport wapc __host_error_len
func hostErrorLen() uint32

//go:wasmimport wapc __host_error
func hostError(to unsafe.Pointer)

func at(bytes []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(bytes)) }

// An answer is what a guest gets when it asks its host, or why it does not.
type answer struct {
	bytes []byte
	ok    bool
}

// ask asks the host.
func ask(binding, namespace, operation, payload string) answer {
	if hostCall(binding, namespace, operation, payload) == 1 {
		bytes := make([]byte, hostResponseLen())
		hostResponse(at(bytes))
		return answer{bytes, true}
	}
	bytes := make([]byte, hostErrorLen())
	hostError(at(bytes))
	return answer{bytes, false}
}

// guestCall is what the host calls, with the lengths of the operation and the payload.
//
//go:wasmexport __guest_call
func guestCall(operationLen, payloadLen uint32) uint32 {
	operation, payload := make([]byte, operationLen), make([]byte, payloadLen)
	guestRequest(at(operation), at(payload))
	handle, found := operations[string(operation)]
	if !found {
		guestError("there is no operation " + string(operation))
		return 0
	}
	response, err := handle(payload)
	if err != nil {
		guestError(err.Error())
		return 0
	}
	guestResponse(string(response))
	return 1
}
