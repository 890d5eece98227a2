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

/// Small functions, called through a table: a sort by a comparison that is chosen while it runs.
#[unsafe(no_mangle)]
pub extern "C" fn sort(n: i32) -> i32 {
    let orders: [fn(&u32, &u32) -> std::cmp::Ordering; 2] =
        [|a, b| a.cmp(b), |a, b| a.reverse_bits().cmp(&b.reverse_bits())];
    let mut seed = 1_u32;
    let mut numbers: Vec<u32> = (0..n)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed
        })
        .collect();
    let mut sum = 0_u32;
    for order in orders {
        numbers.sort_by(order);
        sum = sum.wrapping_add(numbers[n as usize / 2]);
    }
    sum as i32
}

/// What most plugins do: strings are made, looked up and freed.
#[unsafe(no_mangle)]
pub extern "C" fn words(n: i32) -> i32 {
    let mut counts = std::collections::BTreeMap::<String, u32>::new();
    for i in 0..n as u32 {
        let word = format!("{}-{}", i.wrapping_mul(2_654_435_761) % 997, i % 3);
        *counts.entry(word).or_default() += 1;
    }
    let lengths = counts.iter().map(|(word, count)| word.len() as u32 * count);
    lengths.sum::<u32>() as i32
}

/// Recursion that is not all there is: an expression is parsed and its value found.
#[unsafe(no_mangle)]
pub extern "C" fn parse(n: i32) -> i32 {
    fn sum(text: &mut &[u8]) -> i32 {
        let mut value = product(text);
        while let [b'+', rest @ ..] = *text {
            *text = rest;
            value = value.wrapping_add(product(text));
        }
        value
    }
    fn product(text: &mut &[u8]) -> i32 {
        let mut value = one(text);
        while let [b'*', rest @ ..] = *text {
            *text = rest;
            value = value.wrapping_mul(one(text));
        }
        value
    }
    fn one(text: &mut &[u8]) -> i32 {
        if let [b'(', rest @ ..] = *text {
            *text = rest;
            let value = sum(text);
            *text = text.get(1..).unwrap_or_default();
            return value;
        }
        let mut value = 0_i32;
        while let [digit @ b'0'..=b'9', rest @ ..] = *text {
            *text = rest;
            value = value.wrapping_mul(10).wrapping_add(i32::from(digit - b'0'));
        }
        value
    }
    let text = "(1+2)*(3*(4+5)+6)+7*(8+(9))+123*(45+(6*(7+8)))+".repeat(8) + "1";
    (0..n).fold(0, |value, _| value.wrapping_add(sum(&mut text.as_bytes())))
}
