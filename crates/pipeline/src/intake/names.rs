//! Which names in a station folder are scans, and in which order do they come?

use std::cmp::Ordering;
use std::path::Path;

/// Why a name is left where it is; listed in `status`.
pub(crate) fn is_ignored(name: &str) -> bool {
    const NAMES: [&str; 4] = ["thumbs.db", "desktop.ini", "@eadir", "ehthumbs.db"];
    let lower = name.to_lowercase();
    lower.starts_with('.')
        || lower.starts_with("~$")
        || lower.ends_with('~')
        || NAMES.contains(&lower.as_str())
        || is_unfinished(&lower)
}

/// Whether the name says that a scan is still being written.
pub(crate) fn is_unfinished(name: &str) -> bool {
    const ENDINGS: [&str; 7] = [".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp"];
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// Folders of ours inside a station folder.
pub(crate) const CLAIMS: &str = ".chartroom";
pub(crate) const TAKEN: &str = "taken";

/// Compares names with digit runs as numbers: `p2` before `p10`. Equal numbers with other zeros fall back to bytes.
pub(crate) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    loop {
        let (run_a, run_b) = (leading_digits(rest_a), leading_digits(rest_b));
        if !run_a.is_empty() && !run_b.is_empty() {
            let (value_a, value_b) = (run_a.trim_start_matches('0'), run_b.trim_start_matches('0'));
            let by_value = value_a.len().cmp(&value_b.len()).then_with(|| value_a.cmp(value_b));
            if by_value != Ordering::Equal {
                return by_value;
            }
            (rest_a, rest_b) = (&rest_a[run_a.len()..], &rest_b[run_b.len()..]);
            continue;
        }
        match (rest_a.chars().next(), rest_b.chars().next()) {
            (Some(x), Some(y)) if x == y => {
                (rest_a, rest_b) = (&rest_a[x.len_utf8()..], &rest_b[y.len_utf8()..]);
            }
            (None, None) => return a.cmp(b),
            (x, y) => return x.cmp(&y),
        }
    }
}

fn leading_digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// Whether names that are numbered (one digit run differs, everything else is the same) skip or repeat a number.
/// Names that follow no such pattern say nothing about gaps.
pub(crate) fn numbering_has_gap(names_in_order: &[String]) -> bool {
    if names_in_order.len() < 2 {
        return false;
    }
    let split: Vec<_> = names_in_order.iter().map(|name| split_runs(name)).collect();
    let (first_text, first_runs) = &split[0];
    if split.iter().any(|(text, runs)| text != first_text || runs.len() != first_runs.len()) {
        return false;
    }
    let varying: Vec<usize> = (0..first_runs.len())
        .filter(|&at| split.iter().any(|(_, runs)| runs[at] != first_runs[at]))
        .collect();
    let [counter] = varying[..] else {
        return varying.is_empty();
    };
    split.windows(2).any(|pair| pair[1].1[counter] != pair[0].1[counter] + 1)
}

/// The text around the digit runs of a name (without its ending), and the runs as numbers.
fn split_runs(name: &str) -> (String, Vec<u64>) {
    let stem = Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or(name);
    let (mut text, mut runs, mut rest) = (String::new(), Vec::new(), stem);
    while let Some(c) = rest.chars().next() {
        let run = leading_digits(rest);
        if run.is_empty() {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            text.push('#');
            runs.push(run.parse().unwrap_or(u64::MAX));
            rest = &rest[run.len()..];
        }
    }
    (text, runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_other_programs_leave_behind_is_no_scan() {
        for junk in ["Thumbs.db", ".DS_Store", "~$letter.docx", "scan.pdf.part", ".hidden", "a.tmp", "@eaDir"]
        {
            assert!(is_ignored(junk), "{junk}");
        }
        for scan in ["scan.pdf", "a.part.tif", "partial.pdf", "thumbs.tif"] {
            assert!(!is_ignored(scan), "{scan}");
        }
    }

    #[test]
    fn digit_runs_compare_as_numbers() {
        let mut list = names(&["p10.tif", "p2.tif", "p1.tif", "p002.tif"]);
        list.sort_by(|a, b| natural_order(a, b));
        assert_eq!(list, ["p1.tif", "p002.tif", "p2.tif", "p10.tif"]);
    }

    #[test]
    fn a_missing_or_repeated_number_is_a_gap() {
        assert!(!numbering_has_gap(&names(&["job7-001.tif", "job7-002.tif", "job7-003.tif"])));
        assert!(numbering_has_gap(&names(&["job7-001.tif", "job7-003.tif"])));
        assert!(numbering_has_gap(&names(&["p1.tif", "p01.tif", "p2.tif"])));
        assert!(!numbering_has_gap(&names(&["front.tif", "back.tif"])), "no numbering, no gap");
        assert!(!numbering_has_gap(&names(&["only5.tif"])));
    }
}
