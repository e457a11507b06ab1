//! Postings: which of many wordings share a term, so that the most alike is found without comparing with all.

use super::Terms;
use std::collections::BTreeMap;

/// Wordings by their terms.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    /// Per term the numbers of the wordings that have it, ascending.
    of_term: BTreeMap<u32, Vec<u32>>,
    wordings: Vec<Terms>,
}

impl Postings {
    /// Wordings numbered in their order; `None` keeps a number without a wording.
    pub fn of<'a>(wordings: impl IntoIterator<Item = Option<&'a Terms>>) -> Self {
        let mut postings = Self::default();
        for (number, terms) in (0..).zip(wordings) {
            let terms = terms.cloned().unwrap_or_default();
            for (term, _) in &terms.weights {
                postings.of_term.entry(*term).or_default().push(number);
            }
            postings.wordings.push(terms);
        }
        postings
    }

    /// The wordings that share a term with these, ascending by number, and how alike they are.
    pub fn alike(&self, terms: &Terms) -> impl Iterator<Item = (usize, u16)> {
        let mut numbers: Vec<u32> =
            terms.weights.iter().filter_map(|(term, _)| self.of_term.get(term)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(move |number| {
            let number = usize::try_from(number).ok()?;
            Some((number, terms.alike(self.wordings.get(number)?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::similarity::Similarity;

    #[test]
    fn whoever_is_alike_at_all_is_found() {
        let texts = ["健康义诊", "义诊", "量血压", "小区停车难", "", "停车场夜间开放", "义诊活动"];
        let terms: Vec<Terms> = texts.iter().map(|text| Similarity::builtin().terms(text)).collect();
        let postings = Postings::of(terms.iter().map(Some));
        for one in &terms {
            let found: Vec<(usize, u16)> = postings.alike(one).filter(|(_, alike)| *alike > 0).collect();
            let expected: Vec<(usize, u16)> = terms
                .iter()
                .map(|other| one.alike(other))
                .enumerate()
                .filter(|(_, alike)| *alike > 0)
                .collect();
            assert_eq!(found, expected);
        }
    }
}
