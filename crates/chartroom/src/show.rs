//! How are results shown: JSON for scripts, tables of at most 80 columns for people?

use std::io::Write as _;

use serde::Serialize;

/// Widest line we print.
const COLUMNS: usize = 80;

/// One JSON value on standard output.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    Ok(writeln!(out)?)
}

/// One line on standard output. A reader that went away (`| head`) is no error.
pub(crate) fn line(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

/// One line on standard error.
pub(crate) fn note(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// Why a command could not run.
pub(crate) fn problem(error: &anyhow::Error) {
    let mut text = format!("chartroom: {error}");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  because: {cause}"));
    }
    note(text);
}

/// "1 page", "2 pages".
pub(crate) fn count(number: impl Into<u64>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A table. The last column takes what room is left and wraps; the others are as wide as they need to be.
pub(crate) fn table(headers: &[&str], rows: &[Vec<String>]) {
    for row in laid_out(headers, rows) {
        line(row.trim_end());
    }
}

fn laid_out(headers: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let last = headers.len() - 1;
    let width = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = headers.iter().map(|header| width(header)).collect();
    for row in rows {
        for (at, cell) in row.iter().enumerate().take(last) {
            widths[at] = widths[at].max(width(cell)).min(34);
        }
    }
    let used: usize = widths[..last].iter().map(|w| w + 2).sum();
    widths[last] = COLUMNS.saturating_sub(used).max(16);
    let mut lines = vec![one_line(&headers.iter().map(ToString::to_string).collect::<Vec<_>>(), &widths)];
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().zip(&widths).map(|(cell, &width)| wrapped(cell, width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        for at in 0..height {
            let parts: Vec<String> =
                cells.iter().map(|cell| cell.get(at).cloned().unwrap_or_default()).collect();
            lines.push(one_line(&parts, &widths));
        }
    }
    lines
}

fn one_line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    padded.collect::<Vec<_>>().join("  ")
}

/// Breaks at spaces, and inside a word only where it is longer than the column.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let line = lines.last_mut().expect("there is always a line");
            let room = width.saturating_sub(line.chars().count() + usize::from(!line.is_empty()));
            if word.len() <= room {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(&word);
                break;
            }
            if line.is_empty() {
                line.extend(word.drain(..width));
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_is_wider_than_a_terminal() {
        let long = "a sentence that goes on and on ".repeat(6);
        let rows = vec![vec!["x1234567890123456789012345".into(), "scan0001.tif".into(), long]];
        for line in laid_out(&["exception", "file", "why"], &rows) {
            assert!(line.trim_end().chars().count() <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn a_word_longer_than_its_column_is_broken_not_lost() {
        assert_eq!(wrapped("abcdefgh ij", 5), ["abcde", "fgh", "ij"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
