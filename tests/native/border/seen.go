//go:build wasip1 && !(tinygo || never)

package main

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

// seen prints what it is given, value by value, and changes what pointers point at.
func seen(values ...any) {
	for _, value := range values {
		v := reflect.ValueOf(value)
		if v.Kind() != reflect.Pointer {
			show(v)
			continue
		}
		if v.IsNil() {
			fmt.Print(" nil")
			continue
		}
		show(v.Elem())
		change(v.Elem())
	}
	fmt.Println()
}

func show(v reflect.Value) {
	switch v.Kind() {
	case reflect.Float32:
		fmt.Printf(" %x", math.Float32bits(float32(v.Float())))
	case reflect.Float64:
		fmt.Printf(" %x", math.Float64bits(v.Float()))
	case reflect.String:
		fmt.Printf(" %x.", v.String())
	case reflect.UnsafePointer:
		if v.IsNil() {
			fmt.Print(" nil")
			return
		}
		fmt.Printf(" %d", v.Pointer())
	case reflect.Array:
		for i := range v.Len() {
			show(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" {
				show(v.Field(i))
			}
		}
	default:
		fmt.Printf(" %v", v)
	}
}

func change(v reflect.Value) {
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Float32:
		*(*uint32)(unsafe.Pointer(v.UnsafeAddr())) ^= 1
	case reflect.Float64:
		*(*uint64)(unsafe.Pointer(v.UnsafeAddr())) ^= 1
	case reflect.Array:
		for i := range v.Len() {
			change(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" {
				change(v.Field(i))
			}
		}
	default:
		if v.CanInt() {
			v.SetInt(v.Int() + 1)
		} else {
			v.SetUint(v.Uint() + 1)
		}
	}
}
