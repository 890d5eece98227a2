//! Copies stdin to stdout.

fn main() {
    std::io::copy(&mut std::io::stdin(), &mut std::io::stdout()).expect("stdin is readable");
}
