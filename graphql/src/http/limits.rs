//! A count of what a document selects, with its fragments spread out, taken before the library sees it.
//!
//! The library spreads fragments anew at every use while it checks depth and rules: twelve fragments of
//! ten spreads each, 1.5 kB, keep it busy for hours, and so do fragments that spread themselves. Here
//! every fragment is counted once.

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// The most selections a document may spread out to.
pub const SELECTIONS_MAX: u64 = 20_000;

/// The most fields that may have another name than their own, with fragments spread out: a wall of tiles fits, a
/// thousand times the same expensive field does not.
pub const ALIASES_MAX: u64 = 200;

/// The deepest a chain of fragments and selections may go, so that counting fits on the stack.
const CHAIN_MAX: u32 = 200;

/// Why a document is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// It selects too much.
    #[error("the document selects more than {SELECTIONS_MAX} fields once its fragments are spread out")]
    TooManySelections,
    /// It gives too many fields another name.
    #[error("the document has more than {ALIASES_MAX} aliases once its fragments are spread out")]
    TooManyAliases,
    /// Its fragments and selections are nested too deep.
    #[error("the document is nested too deep")]
    TooDeep,
    /// A fragment spreads itself.
    #[error("a fragment spreads itself")]
    Cycle,
}

/// What was counted in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Selections, with fragments spread out.
    pub selections: u64,
    /// Fields with another name than their own.
    pub aliases: u64,
    /// How many fields the answer may hold, as far as the document says how long its pages are.
    pub cost: u64,
    /// Whether it asks about the schema.
    pub introspects: bool,
}

impl Measured {
    fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.cost = self.cost.saturating_add(other.cost);
        self.introspects |= other.introspects;
    }
}

/// Counts what a document selects.
///
/// # Errors
/// [`OverLimit`] when it is more than the server looks at.
pub fn measure(document: &ExecutableDocument, variables: &Map<String, Json>) -> Result<Measured, OverLimit> {
    let mut count = Count { document, variables, counted: HashMap::new() };
    let mut total = Measured::default();
    for (_, operation) in document.operations.iter() {
        total.add(count.set(&operation.node.selection_set.node, 0)?);
    }
    for name in document.fragments.keys() {
        // A fragment that nothing uses is an error of its own, yet the library visits it too.
        if count.fragment(name, 0)?.selections > SELECTIONS_MAX {
            return Err(OverLimit::TooManySelections);
        }
    }
    if total.selections > SELECTIONS_MAX {
        Err(OverLimit::TooManySelections)
    } else if total.aliases > ALIASES_MAX {
        Err(OverLimit::TooManyAliases)
    } else {
        Ok(total)
    }
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Map<String, Json>,
    /// `None` while a fragment is being counted.
    counted: HashMap<&'a Name, Option<Measured>>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a SelectionSet, depth: u32) -> Result<Measured, OverLimit> {
        if depth > CHAIN_MAX {
            return Err(OverLimit::TooDeep);
        }
        let mut total = Measured::default();
        for item in &set.items {
            let inside = match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let mut inside = self.set(&field.selection_set.node, depth + 1)?;
                    inside.cost = inside.cost.saturating_mul(self.page(field)).saturating_add(1);
                    inside.aliases += u64::from(field.alias.is_some());
                    inside.introspects |= matches!(field.name.node.as_str(), "__schema" | "__type");
                    inside
                }
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, depth + 1)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            total.add(inside);
            total.selections = total.selections.saturating_add(1);
        }
        Ok(total)
    }

    /// How long the page is that a field asks for; 1 when it does not say.
    fn page(&self, field: &Field) -> u64 {
        let said = field.arguments.iter().find(|(name, _)| matches!(name.node.as_str(), "first" | "last"));
        let length = said.and_then(|(_, value)| match &value.node {
            Value::Number(number) => number.as_u64(),
            Value::Variable(name) => self.variables.get(name.as_str())?.as_u64(),
            _ => None,
        });
        length.unwrap_or(1)
    }

    fn fragment(&mut self, name: &'a Name, depth: u32) -> Result<Measured, OverLimit> {
        match self.counted.get(name) {
            Some(Some(counted)) => return Ok(*counted),
            Some(None) => return Err(OverLimit::Cycle),
            None => {}
        }
        // An unknown fragment is for validation to name.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Measured::default());
        };
        self.counted.insert(name, None);
        let counted = self.set(&fragment.node.selection_set.node, depth)?;
        self.counted.insert(name, Some(counted));
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn measured(text: &str) -> Result<Measured, OverLimit> {
        let variables = serde_json::json!({ "page": 30 }).as_object().cloned().unwrap();
        measure(&parse_query(text).unwrap(), &variables)
    }

    fn check_text(text: &str) -> Result<(), OverLimit> {
        measured(text).map(|_| ())
    }

    #[test]
    fn pages_multiply_the_cost_and_nothing_else() {
        let text =
            "query($page: Int) { a(first: 10) { b(last: $page) { c d } } e ...F } fragment F on Q { f }";
        let expected =
            Measured { selections: 7, aliases: 0, cost: 1 + 10 * (1 + 30 * 2) + 1 + 1, introspects: false };
        assert_eq!(measured(text), Ok(expected));
    }

    #[test]
    fn aliases_count_as_often_as_they_are_spread() {
        let tile = "x: position ".to_owned();
        assert_eq!(measured(&format!("{{ {} }}", tile.repeat(200))).unwrap().aliases, 200);
        assert_eq!(check_text(&format!("{{ {} }}", tile.repeat(201))), Err(OverLimit::TooManyAliases));
        let spread = "{ ...F ...F ...F } fragment F on Query { ".to_owned() + &tile.repeat(67) + "}";
        assert_eq!(check_text(&spread), Err(OverLimit::TooManyAliases));
    }

    #[test]
    fn questions_about_the_schema_are_seen_wherever_they_stand() {
        for (text, introspects) in [
            ("{ __schema { types { name } } }", true),
            ("{ ...F } fragment F on Query { ... { t: __type(name: \"Need\") { name } } }", true),
            ("{ __typename position }", false),
        ] {
            assert_eq!(measured(text).unwrap().introspects, introspects, "{text}");
        }
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
