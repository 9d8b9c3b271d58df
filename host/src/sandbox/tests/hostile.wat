;; A guest that does what a broken or taken-over transformer might do. The first byte of its source
;; says what. `transform` takes a pointer to its arguments, which begin with the source's address and
;; length, and returns a pointer to `result<rendition, error>`.
(module
  (memory (export "memory") 2)
  (global $free (mut i32) (i32.const 131072))    ;; the allocator only ever moves up
  (global $calls (mut i32) (i32.const 0))

  (func (export "cabi_realloc") (param $old i32) (param $old_len i32) (param $align i32) (param $len i32)
        (result i32)
    (local $start i32)
    (local.set $start
      (i32.and
        (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $free (i32.add (local.get $start) (local.get $len)))
    (block $fits
      (loop $grow
        (br_if $fits
          (i32.le_u (global.get $free) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $grow (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (unreachable))
    (local.get $start))

  ;; At 0: result<rendition, error>, its payload at 8.
  (func $rendition (param $address i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 8) (local.get $address))
    (i32.store (i32.const 12) (local.get $len))
    (i32.store8 (i32.const 16) (i32.const 1))                           ;; png
    (i32.store (i32.const 20) (i32.load8_u (i32.const 100000)))         ;; width: what lay there before
    (i32.store (i32.const 24) (global.get $calls))                      ;; height
    (i32.store8 (i32.const 100000) (i32.const 7))
    (i32.const 0))

  (func (export "darkroom:image/transform@0.1.0#transform") (param $arguments i32) (result i32)
    (local $source i32) (local $len i32) (local $what i32)
    (local.set $source (i32.load (local.get $arguments)))
    (local.set $len (i32.load offset=4 (local.get $arguments)))
    (local.set $what (i32.load8_u (local.get $source)))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    ;; e: the source, given back.
    (if (i32.eq (local.get $what) (i32.const 0x65))
      (then (return (call $rendition (local.get $source) (local.get $len)))))
    ;; l: a loop without end.
    (if (i32.eq (local.get $what) (i32.const 0x6c))
      (then (loop $forever (br $forever))))
    ;; g: memory without end.
    (if (i32.eq (local.get $what) (i32.const 0x67))
      (then (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))
    ;; b: bytes that lie outside its memory.
    (if (i32.eq (local.get $what) (i32.const 0x62))
      (then (return (call $rendition (i32.const 0) (i32.const 0x7fffffff)))))
    ;; n: no.
    (if (i32.eq (local.get $what) (i32.const 0x6e))
      (then
        (i32.store8 (i32.const 0) (i32.const 1))
        (i32.store8 (i32.const 8) (i32.const 0))                        ;; not-an-image
        (return (i32.const 0))))
    ;; d: deeper than any stack.
    (if (i32.eq (local.get $what) (i32.const 0x64))
      (then (return (call $deeper (i32.const 0)))))
    ;; Everything else breaks.
    (unreachable))

  (func $deeper (param $depth i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $depth) (i32.const 1))) (local.get $depth)))

  ;; At 0: result<picture-info, error>, its payload at 8: not-an-image.
  (func (export "darkroom:image/transform@0.1.0#inspect") (param i32 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 1))
    (i32.store8 (i32.const 8) (i32.const 0))
    (i32.const 0))

  ;; At 0: result<impression, error>, its payload at 8: not-an-image.
  (func (export "darkroom:image/transform@0.1.0#look-at")
        (param i32 i32 i64 i64 i32 i64 i32 i64 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 1))
    (i32.store8 (i32.const 8) (i32.const 0))
    (i32.const 0)))
