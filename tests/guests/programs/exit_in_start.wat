;; `proc_exit` with the largest code, from a call deep inside.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $deep (param i32)
    (if (i32.eqz (local.get 0)) (then (call $exit (i32.const -1))))
    (call $deep (i32.sub (local.get 0) (i32.const 1)))
    unreachable)
  (func (export "_start") (call $deep (i32.const 100))))
