//! A count of what a document selects, with its fragments spread out, taken before the library sees it.
//!
//! The library spreads fragments anew at every use while it checks depth and rules: twelve fragments of
//! ten spreads each, 1.5 kB, keep it busy for hours, and so do fragments that spread themselves. Here
//! every fragment is counted once.

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};
use std::collections::HashMap;

/// The most selections a document may spread out to.
pub const SELECTIONS_MAX: u64 = 20_000;

/// The deepest a chain of fragments and selections may go, so that counting fits on the stack.
const CHAIN_MAX: u32 = 200;

/// Why a document is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// It selects too much.
    #[error("the document selects more than {SELECTIONS_MAX} fields once its fragments are spread out")]
    TooManySelections,
    /// Its fragments and selections are nested too deep.
    #[error("the document is nested too deep")]
    TooDeep,
    /// A fragment spreads itself.
    #[error("a fragment spreads itself")]
    Cycle,
}

/// Checks what a document selects.
///
/// # Errors
/// [`OverLimit`] when it is more than the server looks at.
pub fn check(document: &ExecutableDocument) -> Result<(), OverLimit> {
    let mut count = Count { document, counted: HashMap::new() };
    let mut total: u64 = 0;
    for (_, operation) in document.operations.iter() {
        total = total.saturating_add(count.set(&operation.node.selection_set.node, 0)?);
    }
    for name in document.fragments.keys() {
        // A fragment that nothing uses is an error of its own, yet the library visits it too.
        total = total.saturating_add(u64::from(count.fragment(name, 0)? > SELECTIONS_MAX) * SELECTIONS_MAX);
    }
    if total > SELECTIONS_MAX { Err(OverLimit::TooManySelections) } else { Ok(()) }
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    /// `None` while a fragment is being counted.
    counted: HashMap<&'a Name, Option<u64>>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a SelectionSet, depth: u32) -> Result<u64, OverLimit> {
        if depth > CHAIN_MAX {
            return Err(OverLimit::TooDeep);
        }
        let mut total: u64 = 0;
        for item in &set.items {
            let inside = match &item.node {
                Selection::Field(field) => self.set(&field.node.selection_set.node, depth + 1)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, depth + 1)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            total = total.saturating_add(1).saturating_add(inside);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &'a Name, depth: u32) -> Result<u64, OverLimit> {
        match self.counted.get(name) {
            Some(Some(count)) => return Ok(*count),
            Some(None) => return Err(OverLimit::Cycle),
            None => {}
        }
        // An unknown fragment is for validation to name.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(0);
        };
        self.counted.insert(name, None);
        let count = self.set(&fragment.node.selection_set.node, depth)?;
        self.counted.insert(name, Some(count));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn check_text(text: &str) -> Result<(), OverLimit> {
        check(&parse_query(text).unwrap())
    }

    #[test]
    fn fragments_count_as_often_as_they_are_spread() {
        let bomb = |levels: usize| {
            let mut text = String::from("query { ...F0 }");
            for level in 0..levels {
                let spreads = format!("...F{} ", level + 1).repeat(10);
                text += &format!(" fragment F{level} on Query {{ {spreads} }}");
            }
            text + &format!(" fragment F{levels} on Query {{ position }}")
        };
        assert_eq!(check_text(&bomb(3)), Ok(()));
        assert_eq!(check_text(&bomb(12)), Err(OverLimit::TooManySelections));
    }

    #[test]
    fn cycles_and_endless_chains_are_refused() {
        assert_eq!(
            check_text("{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A }"),
            Err(OverLimit::Cycle)
        );
        let mut chain = String::from("{ ...F0 }");
        for link in 0..1000 {
            chain += &format!(" fragment F{link} on Query {{ ...F{} }}", link + 1);
        }
        assert_eq!(check_text(&chain), Err(OverLimit::TooDeep));
    }

    #[test]
    fn what_is_unknown_is_left_to_validation() {
        assert_eq!(check_text("{ ...Missing }"), Ok(()));
    }
}
