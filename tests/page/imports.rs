//! What a plugin asks of its host is answered on the page.

use crate::board::journey;
use crate::guests::greet;

#[tokio::test]
async fn an_answer_can_be_changed_and_changed_back() {
    journey(|board| async move {
        board.plug_in("greet.wasm", &greet()).await;
        let seen = board.seen().await;
        assert!(
            seen.all.contains("print the string"),
            "the guess is shown: {}",
            seen.all
        );
        board.press("greet").await;
        board.fill("s", "plug").await;

        board.choose("How log.log is answered", "return zero").await;
        board
            .milliseconds_from_press("Call", "ready", "returned")
            .await;
        assert!(
            !board.seen().await.console.contains("Hello, plug"),
            "nothing was printed"
        );

        board.choose("How log.log is answered", "trap").await;
        board.press("Call").await;
        board
            .until("the import is named", |seen| {
                seen.outcome.contains("log.log")
            })
            .await;

        board.press("Restart").await;
        board
            .choose("How log.log is answered", "print the string")
            .await;
        board.press("Call").await;
        board.console_shows("wasm >> Hello, plug").await;
    })
    .await;
}
