//! The kernels: what a guest may be busy with. Compiled for wasm32 by the bench.

/// Calls: recursive Fibonacci.
#[unsafe(no_mangle)]
pub extern "C" fn fib(n: i32) -> i32 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

/// Loads and stores of bytes: the number of primes below `n`.
#[unsafe(no_mangle)]
pub extern "C" fn sieve(n: i32) -> i32 {
    let n = n as usize;
    let mut composite = vec![false; n];
    let mut primes = 0;
    for i in 2..n {
        if !composite[i] {
            primes += 1;
            for multiple in (i * i..n).step_by(i) {
                composite[multiple] = true;
            }
        }
    }
    primes
}

/// Floats: the product of two `n` by `n` matrices.
#[unsafe(no_mangle)]
pub extern "C" fn matmul(n: i32) -> i32 {
    let n = n as usize;
    let a: Vec<f64> = (0..n * n).map(|i| (i % 7) as f64).collect();
    let b: Vec<f64> = (0..n * n).map(|i| (i % 5) as f64).collect();
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..n {
                sum += a[i * n + k] * b[k * n + j];
            }
            c[i * n + j] = sum;
        }
    }
    c.iter().sum::<f64>() as i32
}

/// Integers: `n` rounds of a hash.
#[unsafe(no_mangle)]
pub extern "C" fn hash(n: i32) -> i32 {
    let mut h = 0x811c_9dc5_u32;
    for i in 0..n as u32 {
        h = (h ^ i).wrapping_mul(0x0100_0193);
        h ^= h >> 15;
    }
    h as i32
}
