//! Are the first of an answer the first of all of it, although most of it is never weighed?

use super::*;

/// Pages of some hundred words, two committed halves: words of every commonness, equals in plenty.
fn shelf() -> Shelf {
    const WORDS: [&str; 7] = ["rash", "fever", "cough", "ileum", "rsah", "sputum", "wheeze"];
    let entry = |number: u32| {
        let words = (0..number % 23 + 3).map(|nth| {
            let at = (number * 7 + nth * nth * 5 + nth) % 31;
            WORDS[(at as usize).min(WORDS.len() - 1).min(nth as usize % 9)]
        });
        let like = filed(number % 100 + 1, &words.collect::<Vec<_>>().join(" "));
        let mut entry = PageEntry { page: page(number), ..like };
        if let Home::Document { id, service, .. } = &mut entry.home {
            *id = DocumentId([(number % 251) as u8; 16]);
            let day = date(2019, (number % 12) as i8 + 1, (number % 5) as i8 + 1);
            *service = (!number.is_multiple_of(13)).then_some((day, day));
        }
        if number.is_multiple_of(11) {
            entry.labels.push(Label("psych".into()));
        }
        entry
    };
    let mut shelf = Shelf::of(&(1..400).map(entry).collect::<Vec<_>>());
    (400..700).for_each(|number| shelf.index().upsert(&entry(number)).unwrap());
    (30..60).for_each(|number| shelf.index().remove(page(number)).unwrap());
    shelf.index().commit(700).unwrap();
    shelf
}

#[test]
fn the_first_of_many_are_the_first_of_all() {
    let shelf = shelf();
    let reader = shelf.index.as_ref().unwrap().reader();
    let scope = Scope { worklist: false, excluded: [document(3)].into(), ..everything() };
    for text in
        ["rash", "\"fever\"", "rash fever", "rash OR sputum", "\"rash fever\"", "type:lab", "-sputum", ""]
    {
        for order in [Order::Relevance, Order::Newest, Order::Oldest, Order::Received] {
            let ask = |limit, offset| {
                let screen = Screen { limit, offset, order, facets: true };
                reader.search(&Query::parse(text, TODAY), &Resolved::default(), &scope, screen).unwrap()
            };
            let all = ask(1_000, 0);
            assert_eq!(all.total, all.hits.len(), "{text}");
            assert!(all.total > 20 && !all.unfinished, "{text}: {}", all.total);
            assert!(all.hits.windows(2).all(|two| two[0].score >= two[1].score), "{text}");
            assert_eq!(all.facets.as_ref().unwrap().states, [("filed".into(), all.total as u64)]);
            for (limit, offset) in [(1, 0), (7, 0), (7, 13), (20, all.total - 5)] {
                let some = ask(limit, offset);
                assert_eq!(some.total, all.total);
                assert_eq!(some.hits, all.hits[offset..(offset + limit).min(all.total)], "{text} {order:?}");
            }
        }
    }
}
