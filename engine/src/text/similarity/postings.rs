//! Postings: many wordings by their terms, so that one wording is compared with all of them at the price of its own
//! terms and of those it shares, however many there are.
//!
//! Terms are hashes, so their leading bits spread them evenly over as many buckets as there are entries: a term is
//! found without searching. The answers are those of [`Terms::alike`].

use super::{Terms, cosine};

/// Wordings by their terms.
#[derive(Clone, Debug)]
pub struct Postings {
    /// Ascending by term, then wording.
    entries: Box<[Entry]>,
    /// Where the entries begin whose terms have these leading bits, and after the last where they end.
    starts: Box<[u32]>,
    /// How far the leading bits of a term are from its end.
    shift: u32,
    /// Per wording, the root of its summed squares.
    lengths: Box<[u64]>,
}

/// One term of one wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    term: u32,
    wording: u32,
    weight: u32,
}

/// Up to so many wordings are compared without an allocation.
const FEW: usize = 48;

impl Postings {
    /// Wordings numbered in their order; `None` keeps a number without a wording.
    pub fn of<'a>(wordings: impl IntoIterator<Item = Option<&'a Terms>>) -> Self {
        let (mut entries, mut lengths) = (Vec::new(), Vec::new());
        for (wording, terms) in (0..).zip(wordings) {
            let weights = terms.map_or(&[][..], |terms| &terms.weights);
            entries.extend(weights.iter().map(|&(term, weight)| Entry { term, wording, weight }));
            lengths.push(terms.map_or(0, |terms| terms.length));
        }
        entries.sort_unstable();
        // At least one leading bit, because a shift by all 32 is none.
        let bits = entries.len().max(2).next_power_of_two().trailing_zeros().min(31);
        let shift = u32::BITS - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (position, entry) in (0..).zip(&entries) {
            starts.resize((entry.term >> shift) as usize + 1, position);
        }
        starts.resize((1 << bits) + 1, u32::try_from(entries.len()).unwrap_or(u32::MAX));
        Self { entries: entries.into(), starts: starts.into(), shift, lengths: lengths.into() }
    }

    /// How alike the most alike of the wordings is, 0..=1000.
    #[must_use]
    pub fn nearest(&self, terms: &Terms) -> u16 {
        let mut few = [0; FEW];
        let mut many = Vec::new();
        let products = match few.get_mut(..self.lengths.len()) {
            Some(products) => products,
            None => {
                many.resize(self.lengths.len(), 0);
                many.as_mut_slice()
            }
        };
        self.multiply(terms, products);
        let alike = products.iter().zip(&self.lengths).filter(|(product, _)| **product > 0);
        alike.map(|(product, length)| cosine(*product, terms.length, *length)).max().unwrap_or(0)
    }

    /// The wordings that share a term with these, ascending by number, and how alike they are.
    pub fn alike(&self, terms: &Terms) -> impl Iterator<Item = (usize, u16)> {
        let mut products = vec![0; self.lengths.len()];
        self.multiply(terms, &mut products);
        let length = terms.length;
        let alike = products.into_iter().zip(&self.lengths).enumerate();
        alike
            .filter(|(_, (product, _))| *product > 0)
            .map(move |(number, (product, other))| (number, cosine(product, length, *other)))
    }

    /// Adds to each wording's product what it shares with these terms.
    fn multiply(&self, terms: &Terms, products: &mut [u64]) {
        for &(term, weight) in &terms.weights {
            let bucket = (term >> self.shift) as usize;
            let (Some(&start), Some(&end)) = (self.starts.get(bucket), self.starts.get(bucket + 1)) else {
                continue;
            };
            for entry in self.entries.get(start as usize..end as usize).unwrap_or_default() {
                if entry.term == term
                    && let Some(product) = products.get_mut(entry.wording as usize)
                {
                    *product += u64::from(weight) * u64::from(entry.weight);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{published, similarity::Similarity};

    #[test]
    fn many_wordings_are_compared_as_few_are() {
        let terms: Vec<Terms> = published::lists()
            .iter()
            .take(4 * FEW)
            .map(|row| Similarity::builtin().terms(&row.title))
            .collect();
        for count in [0, 1, 2, FEW, FEW + 1, 4 * FEW] {
            let known = terms.get(..count).unwrap_or_default();
            let postings = Postings::of(known.iter().map(Some));
            for one in &terms {
                let expected = known.iter().map(|other| one.alike(other)).max().unwrap_or(0);
                assert_eq!(postings.nearest(one), expected, "{count}");
            }
        }
    }

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
            let nearest = expected.iter().map(|(_, alike)| *alike).max().unwrap_or(0);
            assert_eq!(postings.nearest(one), nearest);
        }
    }
}
