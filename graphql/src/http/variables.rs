//! Coercing variables before anything is executed.
//!
//! The library runs a field although a required variable is missing, and mutations must not happen half.
//! The types are read once from the schema's own definition.

use async_graphql::{
    Name,
    parser::{
        parse_schema,
        types::{BaseType, OperationDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// An input type as far as coercion asks.
enum InputType {
    Int,
    Float,
    Text,
    Boolean,
    Id,
    /// A scalar that judges its values itself.
    Custom,
    Enum(Vec<Name>),
    /// Fields with their types, and whether each has a default.
    Object {
        fields: Vec<(Name, Type, bool)>,
        is_one_of: bool,
    },
}

/// The input types of the schema.
pub struct InputTypes(HashMap<Name, InputType>);

impl InputTypes {
    /// Reads them from a definition.
    ///
    /// # Errors
    /// When the definition does not parse; ours does, by test.
    pub fn read(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let mut types: HashMap<Name, InputType> = HashMap::from([
            (Name::new("Int"), InputType::Int),
            (Name::new("Float"), InputType::Float),
            (Name::new("String"), InputType::Text),
            (Name::new("Boolean"), InputType::Boolean),
            (Name::new("ID"), InputType::Id),
        ]);
        for definition in parse_schema(sdl)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let input = match definition.node.kind {
                TypeKind::Scalar => InputType::Custom,
                TypeKind::Enum(it) => {
                    InputType::Enum(it.values.into_iter().map(|value| value.node.value.node).collect())
                }
                TypeKind::InputObject(it) => {
                    let fields = it.fields.into_iter().map(|field| {
                        let field = field.node;
                        (field.name.node, field.ty.node, field.default_value.is_some())
                    });
                    let is_one_of = definition.node.directives.iter().any(|it| it.node.name.node == "oneOf");
                    InputType::Object { fields: fields.collect(), is_one_of }
                }
                TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_) => continue,
            };
            types.entry(definition.node.name.node).or_insert(input);
        }
        Ok(Self(types))
    }

    /// Checks the variables of an operation; what is wrong with them, one sentence each.
    pub fn check(&self, operation: &OperationDefinition, given: &Map<String, Value>) -> Vec<String> {
        let mut faults = Vec::new();
        for definition in &operation.variable_definitions {
            let definition = &definition.node;
            let name = &definition.name.node;
            let wanted = &definition.var_type.node;
            match given.get(name.as_str()) {
                None if definition.default_value.is_some() || wanted.nullable => {}
                None => {
                    faults.push(format!("Variable \"${name}\" of type \"{wanted}\" is required and missing."))
                }
                Some(value) => {
                    if let Err(fault) = self.coerce(value, wanted, 0) {
                        faults.push(format!("Variable \"${name}\" got a wrong value: {fault}."));
                    }
                }
            }
        }
        faults
    }

    fn coerce(&self, value: &Value, wanted: &Type, depth: u32) -> Result<(), String> {
        if value.is_null() {
            return if wanted.nullable { Ok(()) } else { Err(format!("null where \"{wanted}\" is wanted")) };
        }
        // JSON of at most 128 levels comes in; nothing of ours is nested nearly as deep.
        if depth > 128 {
            return Err("it is nested too deep".to_owned());
        }
        match &wanted.base {
            BaseType::List(item) => match value {
                Value::Array(values) => {
                    values.iter().try_for_each(|value| self.coerce(value, item, depth + 1))
                }
                single => self.coerce(single, item, depth + 1),
            },
            BaseType::Named(name) => self.coerce_named(value, name, depth),
        }
    }

    fn coerce_named(&self, value: &Value, name: &Name, depth: u32) -> Result<(), String> {
        // An unknown type, or one that is no input, is for validation to name.
        let Some(wanted) = self.0.get(name) else {
            return Ok(());
        };
        let fits = match wanted {
            InputType::Int => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            InputType::Float => value.is_number(),
            InputType::Text => value.is_string(),
            InputType::Boolean => value.is_boolean(),
            InputType::Id => value.is_string() || value.is_i64() || value.is_u64(),
            InputType::Custom => true,
            InputType::Enum(values) => {
                value.as_str().is_some_and(|text| values.iter().any(|value| value.as_str() == text))
            }
            InputType::Object { fields, is_one_of } => {
                let given: Vec<_> = value.as_object().into_iter().flat_map(Map::values).collect();
                if *is_one_of && !matches!(given.as_slice(), [one] if !one.is_null()) {
                    return Err(format!("\"{name}\" takes exactly one of its fields"));
                }
                return self.coerce_object(value, name, fields, depth);
            }
        };
        if fits { Ok(()) } else { Err(format!("it does not fit \"{name}\"")) }
    }

    fn coerce_object(
        &self,
        value: &Value,
        name: &Name,
        fields: &[(Name, Type, bool)],
        depth: u32,
    ) -> Result<(), String> {
        let Some(object) = value.as_object() else {
            return Err(format!("it is no object as \"{name}\" wants"));
        };
        if let Some(unknown) =
            object.keys().find(|key| !fields.iter().any(|(field, ..)| field.as_str() == *key))
        {
            let shown: String = unknown.chars().take(64).collect();
            return Err(format!("\"{name}\" has no field {shown:?}"));
        }
        for (field, wanted, has_default) in fields {
            match object.get(field.as_str()) {
                None if wanted.nullable || *has_default => {}
                None => return Err(format!("\"{name}.{field}\" of type \"{wanted}\" is missing")),
                Some(value) => self
                    .coerce(value, wanted, depth + 1)
                    .map_err(|fault| format!("at \"{name}.{field}\": {fault}"))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::{parse_query, types::DocumentOperations};
    use serde_json::json;

    const SDL: &str = "scalar Any enum Colour { RED BLUE } \
        input Point { x: Int! y: Int! = 0 colour: Colour more: [Point!] } \
        input Way @oneOf { foot: Int wheel: Int }";

    fn faults(variables: &str, given: Value) -> Vec<String> {
        let document = parse_query(format!("query({variables}) {{ a }}")).unwrap();
        let DocumentOperations::Single(operation) = document.operations else { panic!("one operation") };
        InputTypes::read(SDL).unwrap().check(&operation.node, given.as_object().unwrap())
    }

    #[test]
    fn what_fits_passes() {
        for (variables, given) in [
            ("$a: Int", json!({})),
            ("$a: Int! = 3", json!({})),
            ("$a: ID!", json!({"a": 3})),
            ("$a: [Int!]!", json!({"a": 3})),
            ("$a: [Int]", json!({"a": [1, null]})),
            ("$a: Any!", json!({"a": {"b": [1]}})),
            ("$a: Way", json!({"a": {"foot": 1}})),
            ("$a: Point!", json!({"a": {"x": 1, "colour": "RED", "more": [{"x": 2}]}})),
        ] {
            assert_eq!(faults(variables, given.clone()), Vec::<String>::new(), "{variables} {given}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (variables, given) in [
            ("$a: Int!", json!({})),
            ("$a: Int!", json!({"a": null})),
            ("$a: Int", json!({"a": 2_147_483_648_u64})),
            ("$a: Int", json!({"a": 1.5})),
            ("$a: String", json!({"a": 1})),
            ("$a: [Int!]", json!({"a": [null]})),
            ("$a: Colour", json!({"a": "GREEN"})),
            ("$a: Point", json!({"a": {"y": 1}})),
            ("$a: Way", json!({"a": {}})),
            ("$a: Way", json!({"a": {"foot": null}})),
            ("$a: Way", json!({"a": {"foot": 1, "wheel": null}})),
            ("$a: Way", json!({"a": {"foot": 1, "wheel": 1}})),
            ("$a: Point", json!({"a": {"x": 1, "z": 1}})),
            ("$a: Point", json!({"a": {"x": 1, "more": [{"x": "1"}]}})),
        ] {
            assert_eq!(faults(variables, given.clone()).len(), 1, "{variables} {given}");
        }
    }
}
