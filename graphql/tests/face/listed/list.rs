//! A list compared with a plain look at everything: in each of its orders, from both ends, under each of its conditions.

use crate::street::Street;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// What a node is sorted by; nothing comes last.
pub type Key = Option<(i64, String)>;

/// How a node is given what it is sorted by.
pub type Sorting<'a> = Box<dyn Fn(&Value) -> Key + 'a>;

/// Which nodes a filter lets through.
pub type Lets<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// A list: its field and its types, what its nodes tell, what they are sorted by, and which of them pass which filter.
pub struct List<'a> {
    /// Its field.
    pub field: &'static str,
    /// What its filter and its order begin with.
    pub noun: &'static str,
    /// What its nodes tell.
    pub node: &'static str,
    /// In which order what is alike comes, where that is not the one in which the list comes by itself; it does not turn.
    pub alike: Option<&'static str>,
    /// By name, what nodes are sorted by.
    pub orders: Vec<(&'static str, Sorting<'a>)>,
    /// Filters, and which nodes they let through.
    pub filters: Vec<(Value, Lets<'a>)>,
}

pub fn number(value: &Value) -> Key {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).map(|it| (it, String::new()))
}

pub fn text(value: &Value) -> Key {
    value.as_str().map(|it| (0, it.to_owned()))
}

/// Its place among the values of an enum.
pub fn step(value: &Value, values: &[&str]) -> Key {
    Some((values.iter().position(|it| value == it).unwrap() as i64, String::new()))
}

/// The nodes in an order, by sorting everything.
fn sorted(all: &[Value], key: impl Fn(&Value) -> Key, direction: &str, turns: bool) -> Vec<Value> {
    let mut keyed: Vec<(Key, usize)> = all.iter().enumerate().map(|(index, it)| (key(it), index)).collect();
    let directed = |rising: Ordering| if direction == "DESC" { rising.reverse() } else { rising };
    keyed.sort_by(|one, other| {
        let alike = one.1.cmp(&other.1);
        one.0
            .is_none()
            .cmp(&other.0.is_none())
            .then_with(|| directed(one.0.cmp(&other.0)))
            .then_with(|| if turns { directed(alike) } else { alike })
    });
    keyed.into_iter().map(|(_, index)| all[index].clone()).collect()
}

impl List<'_> {
    fn query(&self) -> String {
        let Self { field, noun, node, .. } = self;
        format!(
            "query($filter: {noun}Filter, $order: {noun}Order, $first: Int, $after: String, $last: Int, $before: String) {{
                {field}(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {{
                    totalCount nodes {{ {node} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        )
    }

    async fn page(&self, street: &Street, variables: Value) -> Value {
        // The one who sees everything.
        street.data(&street.coordinator, &self.query(), variables).await[self.field].clone()
    }

    /// All that pass a filter, in the order in which what is alike comes.
    async fn all(&self, street: &Street, filter: &Value) -> Vec<Value> {
        let order = self.alike.map(|field| json!({ "field": field }));
        let page = self.page(street, json!({ "filter": filter, "order": order, "first": 100 })).await;
        let nodes = page["nodes"].as_array().unwrap().clone();
        assert_eq!(page["totalCount"], nodes.len(), "{} {filter}", self.field);
        nodes
    }

    /// Page by page, in one order from one end.
    async fn paged(&self, street: &Street, filter: &Value, order: &Value, forwards: bool) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let variables = if forwards {
                json!({ "filter": filter, "order": order, "first": 2, "after": cursor })
            } else {
                json!({ "filter": filter, "order": order, "last": 2, "before": cursor })
            };
            let page = self.page(street, variables).await;
            let nodes = page["nodes"].as_array().unwrap().clone();
            let info = &page["pageInfo"];
            let (beyond, behind, next) = if forwards {
                found.extend(nodes);
                (&info["hasNextPage"], &info["hasPreviousPage"], &info["endCursor"])
            } else {
                found = [nodes, found].concat();
                (&info["hasPreviousPage"], &info["hasNextPage"], &info["startCursor"])
            };
            assert_eq!(behind, !cursor.is_null(), "{} {filter} {order}", self.field);
            if beyond != true {
                return found;
            }
            cursor = next.clone();
        }
    }

    /// Compares every page of it with a plain look at everything.
    pub async fn check(&self, street: &Street) {
        let all = self.all(street, &json!({})).await;
        assert!(all.len() >= 4, "{}: {all:?}", self.field);
        let whole: (Value, Lets<'_>) = (json!({}), Box::new(|_| true));
        for (filter, lets) in [&whole].into_iter().chain(&self.filters) {
            let expected: Vec<Value> = all.iter().filter(|it| lets(it)).cloned().collect();
            assert_eq!(self.all(street, filter).await, expected, "{} {filter}", self.field);
            let is_telling = filter == &json!({}) || !expected.is_empty() && expected.len() < all.len();
            assert!(is_telling, "{} {filter} lets {} of {}", self.field, expected.len(), all.len());
            // Put together, it lets through what it says.
            let not = json!({ "not": filter });
            let others: Vec<Value> = all.iter().filter(|it| !lets(it)).cloned().collect();
            assert_eq!(self.all(street, &not).await, others, "{} {not}", self.field);
            for both in [json!({ "or": [filter, not] }), json!({ "and": [{}, { "or": [not, filter] }] })] {
                assert_eq!(self.all(street, &both).await, all, "{} {both}", self.field);
            }
            for (name, key) in &self.orders {
                for direction in ["ASC", "DESC"] {
                    let order = json!({ "field": name, "direction": direction });
                    let expected = sorted(&expected, key, direction, self.alike.is_none());
                    for forwards in [true, false] {
                        let found = self.paged(street, filter, &order, forwards).await;
                        assert_eq!(found, expected, "{} {filter} {order} forwards: {forwards}", self.field);
                    }
                }
            }
        }
    }
}
