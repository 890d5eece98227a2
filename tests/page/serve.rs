//! `make serve`: serves the built page. The journeys go through the same server.

mod server;

use std::env::args;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = args().skip(1).collect();
    let [root, address] = args.as_slice() else {
        eprintln!("serve: wants a directory, or --check, and an address");
        return ExitCode::FAILURE;
    };
    let listener = match TcpListener::bind(address) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!(
                "serve: {address} cannot be had ({error}): choose another, as in `make serve PORT=8081`"
            );
            return ExitCode::FAILURE;
        }
    };
    if root != "--check" {
        println!("Plugboard is at http://{address}/ until Ctrl+C");
        server::serve(&listener, Path::new(root), "/");
    }
    ExitCode::SUCCESS
}
