//! Prints its arguments to stdout, a word to stderr, and exits with 3.

fn main() {
    let args: Vec<String> = std::env::args().collect();
    println!("{}", args.join(" "));
    eprintln!("bye");
    std::process::exit(3);
}
