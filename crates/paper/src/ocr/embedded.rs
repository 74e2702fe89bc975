//! Is the text a file carries the text of its page, and does the picture say the same?

use records::geometry::Rect;
use records::reading::Word;

/// With fewer words than this a page is not born digital: a fax banner, a stamp.
const FEW: usize = 10;
/// Share of real characters that a text needs.
const REAL: f32 = 0.95;
/// Share of what was read with confidence that must lie where the file has words.
const COVERED: f32 = 0.5;
/// Share of the file's words, of those at whose place something was read with confidence, that the picture must say
/// too. A text whose letters mean others (a font with a wrong table), or that of another page, has none; print of six
/// points has four of five.
const AGREED: f32 = 0.6;
/// From here on what the picture says is searched for beside what the file says.
const SURE: f32 = 60.0;

/// One word a file carries and paints visibly, in pixels of the upright frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub text: String,
    pub place: Rect,
}

/// The page's words from the text its file carries, or `None` where that is not the text of the page. What the
/// picture says beside it (a scanned letterhead, a stamp) is kept.
///
/// A word the picture says too, at its place, counts as seen: the others are text that perhaps nobody sees.
pub fn merged(carried: &[Carried], read: &[Word]) -> Option<Vec<Word>> {
    if carried.len() < FEW || real_share(carried) < REAL {
        return None;
    }
    let (beside, over): (Vec<&Word>, Vec<&Word>) =
        read.iter().partition(|word| !carried.iter().any(|c| holds(c, word)));
    let sure = |words: &[&Word]| words.iter().filter(|word| word.confidence >= SURE).count();
    if (sure(&over) as f32) < COVERED * (sure(&over) + sure(&beside)) as f32 {
        return None;
    }
    let mut words = lines(carried, &over);
    let told = words.iter().filter(|word| word.on_picture || !word.alternatives.is_empty()).count();
    let agreed = words.iter().filter(|word| word.on_picture).count();
    if (agreed as f32) < AGREED * told as f32 {
        return None;
    }
    let next = words.last().map_or(0, |word| word.line + 1);
    let mut last = None;
    let mut line = next;
    for word in beside {
        if last.is_some_and(|last| last != word.line) {
            line += 1;
        }
        last = Some(word.line);
        words.push(Word { line, ..word.clone() });
    }
    Some(words)
}

fn holds(carried: &Carried, word: &Word) -> bool {
    let (x, y) = word.place.centre();
    carried.place.grown(carried.place.h / 4).holds(x, y)
        || word.place.holds(carried.place.centre().0, carried.place.centre().1)
}

fn real_share(carried: &[Carried]) -> f32 {
    let real = |c: char| !c.is_control() && c != '\u{FFFD}' && !('\u{E000}'..='\u{F8FF}').contains(&c);
    let all: usize = carried.iter().map(|word| word.text.chars().count()).sum();
    let good: usize = carried.iter().map(|word| word.text.chars().filter(|&c| real(c)).count()).sum();
    if all == 0 { 0.0 } else { good as f32 / all as f32 }
}

/// The file's words in its order; a new line where the next word stands lower, higher or further left.
fn lines(carried: &[Carried], over: &[&Word]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(carried.len());
    for word in carried.iter().filter(|word| !word.text.trim().is_empty()) {
        let line = words.last().map_or(0, |last| last.line + u32::from(!follows(word.place, last.place)));
        let said = said_there(word, over);
        let on_picture = is_same(&word.text, &said);
        let other = said.filter(|said| !on_picture && said.sure);
        words.push(Word {
            on_picture,
            alternatives: other.map(|said| said.text).into_iter().collect(),
            ..Word::new(word.text.trim(), word.place, 100.0, line)
        });
    }
    words
}

fn follows(place: Rect, last: Rect) -> bool {
    let shared = place.bottom().min(last.bottom()).saturating_sub(place.y.max(last.y));
    shared * 2 > place.h.min(last.h) && place.x + last.h >= last.right()
}

/// What was read at the place of a word.
struct Said {
    text: String,
    sure: bool,
}

fn said_there(word: &Carried, over: &[&Word]) -> Option<Said> {
    let there = over.iter().filter(|read| {
        let (x, y) = read.place.centre();
        word.place.grown(word.place.h / 4).holds(x, y)
    });
    let mut said: Option<Said> = None;
    for read in there {
        let said = said.get_or_insert(Said { text: String::new(), sure: true });
        said.text.push_str(&read.text);
        said.sure &= read.confidence >= SURE;
    }
    said
}

/// Letter for letter; signs and case apart.
fn is_same(own: &str, said: &Option<Said>) -> bool {
    let plain = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let own = plain(own);
    !own.is_empty() && said.as_ref().is_some_and(|said| plain(&said.text) == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(texts: &[&str]) -> Vec<Carried> {
        let place =
            |i: usize| Rect { x: 100 + (i as u32 % 4) * 200, y: 100 + (i as u32 / 4) * 50, w: 150, h: 30 };
        texts.iter().enumerate().map(|(i, text)| Carried { text: (*text).into(), place: place(i) }).collect()
    }

    fn read(carried: &[Carried]) -> Vec<Word> {
        let word = |(i, c): (usize, &Carried)| Word::new(c.text.clone(), c.place, 93.0, i as u32 / 4);
        carried.iter().enumerate().map(word).collect()
    }

    const TEXT: [&str; 12] =
        ["Name:", "Doe,", "Jane", "MRN", "12345", "Seen", "today", "for", "a", "cough", "and", "fever"];

    #[test]
    fn text_that_the_picture_confirms_is_on_the_picture_and_text_it_denies_is_not() {
        let carried = page(&TEXT);
        let mut picture = read(&carried);
        picture[4].text = "12346".into();
        let words = merged(&carried, &picture).expect("the text of the page");
        assert_eq!(words.len(), 12);
        assert_eq!(words[4].text, "12345");
        let unseen: Vec<_> =
            words.iter().filter(|word| !word.on_picture).map(|word| word.text.as_str()).collect();
        assert_eq!(unseen, ["12345"]);
        assert_eq!(words[4].alternatives, ["12346"], "both are searched for");
        assert!(words[5].alternatives.is_empty());
        assert_eq!(
            words.iter().map(|word| word.line).collect::<Vec<_>>(),
            [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
        );
    }

    #[test]
    fn a_banner_on_a_scanned_page_is_not_its_text() {
        let banner = page(&TEXT[..10]);
        let mut picture = read(&banner);
        for (i, y) in (0..40).zip((500..).step_by(50)) {
            picture.push(Word::new("scanned", Rect { x: 100, y, w: 150, h: 30 }, 90.0, 10 + i));
        }
        assert!(merged(&banner, &picture).is_none());
    }

    #[test]
    fn a_stamp_beside_the_text_is_kept() {
        let carried = page(&TEXT);
        let mut picture = read(&carried);
        let place = Rect { x: 1200, y: 900, w: 200, h: 40 };
        picture.push(Word::new("RECEIVED", place, 88.0, 9));
        let words = merged(&carried, &picture).expect("the text of the page");
        assert_eq!((words[12].text.as_str(), words[12].line), ("RECEIVED", 3));
    }

    #[test]
    fn glyph_numbers_without_characters_are_no_text() {
        let carried = page(&["\u{E001}\u{E002}"; 12]);
        assert!(merged(&carried, &read(&carried)).is_none());
    }

    #[test]
    fn a_font_that_calls_its_letters_by_other_names_gives_no_text() {
        let carried = page(&TEXT);
        let shifted = |text: &str| text.bytes().map(|b| char::from(b + 1)).collect::<String>();
        let garbage: Vec<Carried> =
            carried.iter().map(|word| Carried { text: shifted(&word.text), ..word.clone() }).collect();
        assert!(merged(&garbage, &read(&carried)).is_none());
    }

    #[test]
    fn the_text_of_another_page_is_not_this_pages() {
        let other = ["To:", "Roe,", "Mary", "MRN", "99999", "Came", "on", "with", "no", "pain", "or", "rash"];
        assert!(merged(&page(&other), &read(&page(&TEXT))).is_none());
    }

    #[test]
    fn a_text_of_which_half_is_wrong_is_replaced() {
        let carried = page(&TEXT);
        let mut picture = read(&carried);
        picture.iter_mut().take(6).for_each(|word| word.text = format!("x{}", word.text));
        assert!(merged(&carried, &picture).is_none());
        picture.iter_mut().take(4).for_each(|word| word.text = word.text[1..].to_owned());
        assert!(merged(&carried, &picture).is_some(), "a few words that differ are misread");
    }

    #[test]
    fn where_the_picture_is_in_doubt_the_file_is_not_denied() {
        let carried = page(&TEXT);
        let mut picture = read(&carried);
        picture.iter_mut().for_each(|word| (word.text, word.confidence) = ("?".into(), 20.0));
        picture.truncate(9);
        picture.iter_mut().take(2).zip(&carried).for_each(|(word, own)| {
            (word.text, word.confidence) = (own.text.clone(), 90.0);
        });
        let words = merged(&carried, &picture).expect("nothing speaks against it");
        assert_eq!(words.iter().filter(|word| word.on_picture).count(), 2);
    }
}
