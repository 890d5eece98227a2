//! Tells its arguments, a variable, a file and stdin, and exits with 3.

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let key = std::env::var("KEY").unwrap_or_default();
    let motd = std::fs::read_to_string("/data/etc/motd").unwrap_or_default();
    let stdin = std::io::read_to_string(std::io::stdin()).expect("stdin is readable");
    print!("{}|{key}|{motd}|{stdin}", args.join(" "));
    std::process::exit(3);
}
