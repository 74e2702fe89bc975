//! How do the terms of a page reach the index?
//!
//! As one text, each with its position and its length before it. The library takes ready-made tokens as well, but
//! writes them as JSON on their way to its own thread and reads them there, which costs more than indexing them.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::placed::Placed;

/// As the schema names it.
pub(crate) const HANDED: &str = "handed";

pub(crate) fn written(terms: &[Placed]) -> String {
    let mut text = String::with_capacity(16 * terms.len());
    for term in terms {
        put_number(&mut text, term.position);
        put_number(&mut text, term.text.len());
        text.push_str(&term.text);
    }
    text
}

/// A number and a space: formatting takes several times as long, and there are two to every term.
fn put_number(text: &mut String, number: usize) {
    put_digits(text, number);
    text.push(' ');
}

fn put_digits(text: &mut String, number: usize) {
    if number >= 10 {
        put_digits(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Takes apart what [`written`] put together.
#[derive(Clone, Default)]
pub(crate) struct Handed {
    token: Token,
}

pub(crate) struct Terms<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Handed {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        self.token.reset();
        Terms { rest: text, token: &mut self.token }
    }
}

impl Terms<'_> {
    /// `None`: there is nothing left.
    fn next_term(&mut self) -> Option<()> {
        let (position, rest) = self.rest.split_once(' ')?;
        let (bytes, rest) = rest.split_once(' ')?;
        let (term, rest) = rest.split_at_checked(bytes.parse().ok()?)?;
        #[cfg(test)]
        assert!(term != crate::tests::FELLING, "a test makes the writer fall");
        self.token.position = position.parse().ok()?;
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        Some(())
    }
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        self.next_term().is_some()
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_arrive_as_they_were_placed() {
        let placed = |text: &'static str, position| Placed { text: text.into(), position, words: 0..1 };
        let terms = [placed("b12", 0), placed("\u{1}b 1\n2", 0), placed("", 7), placed("é", 7)];
        let (mut tokenizer, text) = (Handed::default(), written(&terms));
        let mut stream = tokenizer.token_stream(&text);
        for term in &terms {
            let token = stream.next().unwrap();
            assert_eq!((token.text.as_str(), token.position), (&*term.text, term.position));
        }
        assert!(!stream.advance());
    }
}
