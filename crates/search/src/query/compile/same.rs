//! How is what means the same searched for, and what is told of it?

use tantivy::query::Query as Tantivy;

use super::{Compiled, Compiler, all_of, best_of, exact, weighed};
use crate::error::SearchError;
use crate::query::Clause;
use crate::tokens::Token;
use crate::vocabulary::{Form, Sense};

/// Weight of what only means the same.
const WEIGHT: f32 = 0.6;
/// Other forms of a meaning that are searched for, in the order of the list.
const MOST_FORMS: usize = 8;

/// Words of the query that stand for something else, with all that is to be told of it.
pub(crate) struct Same {
    pub(crate) said: String,
    pub(crate) offers: Vec<Offer>,
}

/// A form of the vocabulary as it is written, and where it is found: it is offered to those who may see such a page.
pub(crate) struct Offer {
    pub(crate) written: String,
    pub(crate) query: Box<dyn Tantivy>,
    /// It was searched for as well.
    pub(crate) searched: bool,
    /// It is what the words mean, written out.
    pub(crate) meaning: bool,
}

impl Compiler<'_> {
    /// The words as they were typed, all of them, or another form of what they mean.
    pub(super) fn same(&mut self, said: &[Clause], sense: &Sense) -> Compiled {
        let tokens: Vec<&Token> = said.iter().filter_map(Clause::as_word).collect();
        let own = tokens.iter().map(|token| self.word(token)).collect::<Result<_, _>>()?;
        let mut ways = vec![all_of(own)];
        let rarity = self.rarity_of(tokens.iter().flat_map(|token| token.parts()))?;
        let said = tokens.iter().map(|token| token.whole.as_str()).collect::<Vec<_>>().join(" ");
        let told = match sense {
            Sense::Sure { meaning, .. } => std::slice::from_ref(meaning),
            Sense::Asked(meanings) | Sense::Doubtful(meanings) => meanings.as_slice(),
        };
        let searched: Vec<&Form> = sense.searched(self.wished).take(MOST_FORMS).collect();
        let mut offers = Vec::new();
        for form in &searched {
            let query = self.form(form)?;
            let weight = WEIGHT * rarity / self.rarity_of(&form.parts())?;
            ways.push(weighed(query.box_clone(), weight));
            let meaning = told.contains(*form);
            offers.push(Offer { written: form.written.clone(), query, searched: true, meaning });
        }
        for form in told.iter().filter(|form| !form.is(&tokens) && !searched.contains(form)) {
            let query = self.unmarked(form)?;
            offers.push(Offer { written: form.written.clone(), query, searched: false, meaning: true });
        }
        self.same.push(Same { said, offers });
        Ok(best_of(ways))
    }

    /// A form of the vocabulary, as it is written: nothing is guessed at in what the clerk did not type.
    fn form(&mut self, form: &Form) -> Compiled {
        let before = std::mem::replace(&mut self.verbatim, true);
        let ways = match form.tokens.as_slice() {
            [only] => self.word(only).map(|word| vec![word]),
            _ => self.side_by_side(&form.parts()),
        };
        self.verbatim = before;
        Ok(best_of(ways?))
    }

    /// A form that is only told of: it is marked on no page.
    fn unmarked(&mut self, form: &Form) -> Compiled {
        let before = std::mem::replace(&mut self.denied, true);
        let query = self.form(form);
        self.denied = before;
        query
    }

    pub(super) fn rarity_of<'w>(
        &self,
        words: impl IntoIterator<Item = &'w String>,
    ) -> Result<f32, SearchError> {
        let mut sum = 0.0;
        for word in words {
            sum += self.rarity(exact(self.searcher, self.fields.body, word)?.pages.max(1));
        }
        Ok(sum)
    }
}
