//! How a release comes to the browser.

use crate::board::journey;

/// The name of each file that the page consists of, and whether it came compressed.
const RECEIVED: &str = r"
    return performance.getEntriesByType('resource')
        .map(({ name, encodedBodySize, decodedBodySize }) =>
            [new URL(name).pathname.split('/').pop(), encodedBodySize < decodedBodySize]);
";

#[tokio::test]
async fn programs_scripts_and_styles_come_compressed_under_names_of_their_contents() {
    journey(|board| async move {
        let received = board.driver.execute(RECEIVED, []).await.unwrap();
        let received: Vec<(String, bool)> =
            serde_json::from_value(received.json().clone()).unwrap();
        for (before, after) in [
            ("app-", "_first.wasm"),
            ("app-", ".js"),
            ("plugboard-", ".css"),
        ] {
            let (_, compressed) = received
                .iter()
                .find(|(name, _)| {
                    name.strip_prefix(before)
                        .and_then(|name| name.strip_suffix(after))
                        .is_some_and(|hash| hash.len() == 16)
                })
                .unwrap_or_else(|| panic!("no {before}…{after} among {received:?}: `make build`"));
            assert!(compressed, "{before}…{after} of {received:?}");
        }
    })
    .await;
}
