//! Small numbers for values that are long to write and to compare: facets, categories, and measures of the street's own.

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

/// Values by number, in the order in which they first came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "T: Ord + Clone + Serialize + for<'a> Deserialize<'a>")]
pub(super) struct Numbers<T: Clone + Ord> {
    numbers: OrdMap<T, u32>,
    values: Vector<T>,
}

impl<T: Ord + Clone> Default for Numbers<T> {
    fn default() -> Self {
        Self { numbers: OrdMap::new(), values: Vector::new() }
    }
}

impl<T: Ord + Clone> Numbers<T> {
    /// The number of a value, given to it now when it has none.
    pub fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.numbers.insert(value.clone(), number);
        self.values.push_back(value.clone());
        number
    }

    /// The number of a value that has one.
    pub fn find(&self, value: &T) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// The numbers of all values from one on, in the order of the values.
    pub fn from(&self, first: T) -> impl Iterator<Item = (&T, u32)> {
        self.numbers.range(first..).map(|(value, number)| (value, *number))
    }

    /// The value of a number.
    pub fn value(&self, number: u32) -> Option<&T> {
        self.values.get(usize::try_from(number).ok()?)
    }
}
