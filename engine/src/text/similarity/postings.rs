//! Postings: many wordings by their terms, so that one is compared with all of them in one pass over its own
//! terms and not wording by wording.

use super::Terms;

/// Wordings by their terms.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    /// Hashes of all terms, ascending, with the end of each one's entries.
    terms: Box<[(u64, u32)]>,
    /// The number of a wording that has the term, and its weight there.
    entries: Box<[(u32, u64)]>,
    /// The length of each wording.
    lengths: Box<[u64]>,
}

impl Postings {
    /// Wordings numbered in their order; `None` keeps a number without a wording.
    pub fn of<'a>(wordings: impl IntoIterator<Item = Option<&'a Terms>>) -> Self {
        let mut lengths = Vec::new();
        let mut all: Vec<(u64, u32, u64)> = Vec::new();
        for (number, terms) in (0..).zip(wordings) {
            lengths.push(terms.map_or(0, |terms| terms.length));
            let weights = terms.into_iter().flat_map(|terms| &terms.weights);
            all.extend(weights.map(|(term, weight)| (*term, number, *weight)));
        }
        all.sort_unstable();
        let mut end = 0;
        let terms = all.chunk_by(|one, other| one.0 == other.0).filter_map(|of_term| {
            end += u32::try_from(of_term.len()).unwrap_or(u32::MAX);
            Some((of_term.first()?.0, end))
        });
        let terms = terms.collect();
        let entries = all.iter().map(|(_, number, weight)| (*number, *weight)).collect();
        Self { terms, entries, lengths: lengths.into() }
    }

    /// How alike each wording is, ascending by number; only those that are alike at all.
    pub fn alike(&self, terms: &Terms) -> impl Iterator<Item = (usize, u16)> {
        let length = terms.length;
        let products = self.products(terms).into_iter().zip(&self.lengths).enumerate();
        products.filter(|(_, (product, _))| *product > 0).filter_map(move |(number, (product, other))| {
            let alike = (product * 1000).checked_div(length * other)?.min(1000);
            u16::try_from(alike).ok().filter(|alike| *alike > 0).map(|alike| (number, alike))
        })
    }

    /// How alike the most alike of them is, 0..=1000: the greatest [`Terms::alike`].
    pub fn most_alike(&self, terms: &Terms) -> u16 {
        self.alike(terms).map(|(_, alike)| alike).max().unwrap_or(0)
    }

    /// Per wording the sum over shared terms of the product of their weights.
    fn products(&self, terms: &Terms) -> Vec<u64> {
        let mut products = vec![0; self.lengths.len()];
        let mut passed = 0;
        for (term, weight) in &terms.weights {
            let ahead = self.terms.get(passed..).unwrap_or_default();
            passed += ahead.partition_point(|(known, _)| known < term);
            let Some((_, end)) = self.terms.get(passed).filter(|(known, _)| known == term) else { continue };
            let start = passed.checked_sub(1).and_then(|before| self.terms.get(before)).map_or(0, |it| it.1);
            for (number, other) in self.entries.get(start as usize..*end as usize).unwrap_or_default() {
                if let Some(product) = products.get_mut(*number as usize) {
                    *product += weight * other;
                }
            }
        }
        products
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::similarity::Similarity;

    #[test]
    fn all_at_once_is_as_alike_as_one_by_one() {
        let texts = ["健康义诊", "义诊", "量血压", "小区停车难", "", "停车场夜间开放", "义诊活动", "义诊"];
        let terms: Vec<Terms> = texts.iter().map(|text| Similarity::builtin().terms(text)).collect();
        let postings = Postings::of(terms.iter().map(Some).chain([None]));
        for one in &terms {
            let found: Vec<(usize, u16)> = postings.alike(one).collect();
            let expected: Vec<(usize, u16)> = terms
                .iter()
                .map(|other| one.alike(other))
                .enumerate()
                .filter(|(_, alike)| *alike > 0)
                .collect();
            assert_eq!(found, expected);
            assert_eq!(Some(postings.most_alike(one)), terms.iter().map(|other| one.alike(other)).max());
        }
        assert_eq!(Postings::of([]).most_alike(&terms[0]), 0);
    }
}
