//! Searching the console.

use crate::board::journey;
use crate::guests::spin;
use thirtyfour::{By, Key};

#[tokio::test]
async fn the_console_is_searched_while_it_is_typed() {
    journey(|board| async move {
        board.plug_in("spin.wasm", &spin()).await;
        board.press("flood").await;
        board.fill("n", "100000").await;
        board
            .milliseconds_from_press("Call", "ready", "returned")
            .await;
        let console = board.driver.find(By::Id("console")).await.unwrap();
        console.send_keys("/").await.unwrap();
        board.watch_frames().await;
        board.keys("Search the console", "LINE OF").await;
        board
            .until("all are counted", |seen| {
                seen.all.contains("of 100,000 lines")
            })
            .await;
        board.keys("Search the console", Key::Enter + "").await;
        board
            .until("the next", |seen| {
                !seen.all.contains("\n1 of 100,000") && seen.all.contains("of 100,000 lines")
            })
            .await;
        let frames = board.frames().await;
        println!("searching 100,000 lines: {frames:?}");
        board.fill("Search the console", "nowhere").await;
        board
            .until("there is none", |seen| seen.all.contains("not found"))
            .await;
        board.keys("Search the console", Key::Escape + "").await;
        board
            .until("it is closed", |seen| !seen.all.contains("not found"))
            .await;
        let focused = board.driver.active_element().await.unwrap();
        assert_eq!(focused.id().await.unwrap().as_deref(), Some("console"));
    })
    .await;
}
