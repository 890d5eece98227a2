//! Long lines of the console, wrapped: keys and the search land where they should, and what is copied is as it was
//! written.

use crate::board::{Board, journey};
use crate::guests::hello;
use thirtyfour::{By, Key};

/// What of the row with this text is in view: `[top, bottom]` from the top of the view, and the view's height.
async fn seen(board: &Board, text: &str) -> Option<[f64; 3]> {
    let script = format!(
        "const view = document.getElementById('console'), box = view.getBoundingClientRect(); \
         const rows = [...view.querySelectorAll('mark, .row')]; \
         const row = rows.find((row) => row.innerText.includes({text:?})); \
         const at = row?.getBoundingClientRect(); \
         return at && at.bottom > box.top + 1 && at.top < box.bottom - 1 \
           ? JSON.stringify([at.top - box.top, at.bottom - box.top, box.height]) : null"
    );
    let told = board.driver.execute(script, Vec::new()).await.unwrap();
    serde_json::from_str(told.json().as_str()?).unwrap()
}

async fn comes_into_view(board: &Board, text: &str) -> [f64; 3] {
    for _ in 0..400 {
        if let Some(at) = seen(board, text).await {
            return at;
        }
    }
    panic!("{text} is not in view: {}", board.seen().await.console);
}

#[tokio::test]
async fn long_lines_are_wrapped_and_read_from_the_first_to_the_last() {
    journey(|board| async move {
        board.plug_in("hello.wasm", &hello()).await;
        board.choose("stdin", "nothing").await;
        let long = "y".repeat(4_000);
        let args: Vec<String> = (0..120)
            .map(|number| match number % 5 {
                0 => format!("first{number}-{long}-DEEP{number}-{long}"),
                _ => format!("short{number}"),
            })
            .collect();
        board.fill("Command line", &args.join(" ")).await;
        board.press("Run").await;
        board.outcome_shows("exited with code 0").await;
        board.press("Wrap").await;

        let list = board.driver.find(By::Id("console")).await.unwrap();
        list.send_keys(Key::Home + "").await.unwrap();
        let [top, ..] = comes_into_view(&board, "Hello from Go").await;
        assert!(top < 60.0, "{top}");
        // Page by page: what was below the view is at its top, but for a row.
        let top = "return document.getElementById('console').scrollTop";
        let mut before = 0.0;
        for _ in 0..12 {
            list.send_keys(Key::PageDown + "").await.unwrap();
            let now = board.driver.execute(top, Vec::new()).await.unwrap();
            let now = now.json().as_f64().unwrap();
            assert!(now > before, "{now} after {before}");
            before = now;
        }
        for _ in 0..12 {
            list.send_keys(Key::PageUp + "").await.unwrap();
        }
        comes_into_view(&board, "Hello from Go").await;
        list.send_keys(Key::End + "").await.unwrap();
        let [_, bottom, height] = comes_into_view(&board, "exited with code 0").await;
        assert!(bottom <= height + 1.0, "{bottom} of {height}");

        // In the middle of a line that is higher than the view.
        list.send_keys("/").await.unwrap();
        board.fill("Search the console", "DEEP60").await;
        let [top, bottom, height] = comes_into_view(&board, "DEEP60").await;
        assert!(top > 0.0 && bottom < height, "{top} to {bottom} of {height}");

        // What is copied is as it was written.
        let listen = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }";
        board.driver.execute(listen, Vec::new()).await.unwrap();
        board.press("Copy").await;
        let copied = board.driver.execute("return window.copied", Vec::new()).await;
        let copied = copied.unwrap().json().as_str().unwrap().to_owned();
        assert!(copied.lines().any(|line| line.ends_with(&format!("{long}-DEEP60-{long}"))));
    })
    .await;
}
