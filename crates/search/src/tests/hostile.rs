//! Does every query get an answer, and soon, whatever was pasted into it?

use std::time::{Duration, Instant};

use super::*;

/// Words one letter from each other, as many as an alphabet gives: each is a misreading of all.
fn swarm() -> Vec<PageEntry> {
    let letters = || (b'a'..=b'z').map(char::from);
    let words = letters().flat_map(|a| letters().map(move |b| format!("zq{a}xv{b}")));
    let words: Vec<String> = words.collect();
    words.chunks(40).enumerate().map(|(at, some)| filed(at as u32 + 1, &some.join(" "))).collect()
}

#[test]
fn hostile_queries_are_answered_within_a_second() {
    let mut entries = swarm();
    entries.push(filed(200, "chest pain שלום عليكم"));
    let shelf = Shelf::of(&entries);
    for query in [
        "\"".repeat(10_000),
        "\"chest pain".into(),
        "((((.*)+)+)+)$ [a-z]{1,1000000} chest".into(),
        "chest\u{0}pain\u{7}\u{1b}[2J".into(),
        "\u{202e}niap tsehc\u{202c} שלום".into(),
        "zqaxva ".repeat(1_430),
        "zqaxva OR ".repeat(1_000),
        format!("\"{}\"", "zqaxva zqbxvb ".repeat(700)),
        "-a ".repeat(3_000),
        "means:MI ".repeat(1_000),
        "code:* ".repeat(1_000),
        "x".repeat(10_000),
        "from:9999..0001 received:today..today page:99999999999999999999".into(),
        "type:\" OR state:filed\" mrn:\"'; DROP TABLE place;--\"".into(),
        "a* *a * ? ~2 ^5 \\ a:b::c AND OR NOT -".into(),
        "patient:,,,,, dob:00/00/0000 acct:- box:... evidence: legibility:".into(),
    ] {
        let begun = Instant::now();
        let query = Query::parse(&query, TODAY).speaking(&crate::Vocabulary::default());
        let reader = shelf.index.as_ref().unwrap().reader();
        let patients = Resolved(vec![Vec::new(); query.patient_terms().len()]);
        let screen = Screen { facets: true, ..Screen::of(20) };
        let answer = reader.search(&query, &patients, &everything(), screen).unwrap();
        for page in &answer.hits {
            let _ = highlight(&answer, &entries[(page.page.page.0 as usize - 1).min(17)].reading);
        }
        let _ = query.explain();
        assert!(begun.elapsed() < Duration::from_secs(1), "{}: {:?}", query.explain(), begun.elapsed());
    }
    assert_eq!(shelf.found("\"chest pain"), [200], "an open quote ends with the text");
    assert_eq!(shelf.found("שלום"), [200]);
}
