//! Payloads: the changed thing (null when nothing was done), the position, and the user errors.

/// Declares the payload of a mutation whose changed thing is a node.
macro_rules! payload {
    ($(#[$attribute:meta])* $name:ident, $field:ident: $node:ident($id:pat => $found:expr), $doc:literal, $what:literal) => {
        #[doc = $doc]
        #[derive(Clone, async_graphql::SimpleObject)]
        $(#[$attribute])*
        pub struct $name {
            #[doc = concat!($what, ", as it stands after the change; null when nothing was done.")]
            pub $field: Option<$node>,
            /// The position of the commit; where nothing was done, that of the state it was judged on.
            pub position: $crate::schema::scalar::Position,
            /// Why nothing was done; empty when it was.
            pub user_errors: Vec<$crate::schema::user_error::UserError>,
        }

        impl From<$crate::schema::mutation::Outcome> for $name {
            fn from(outcome: $crate::schema::mutation::Outcome) -> Self {
                match outcome {
                    $crate::schema::mutation::Outcome::Done { receipt, at, changed } => {
                        let find = |id: $crate::schema::identity::NodeId| match id {
                            $id => $found(&at),
                            _ => None,
                        };
                        Self {
                            $field: changed.and_then(find),
                            position: receipt.position.into(),
                            user_errors: Vec::new(),
                        }
                    }
                    $crate::schema::mutation::Outcome::Refused { errors, position } => {
                        Self { $field: None, position, user_errors: errors }
                    }
                }
            }
        }
    };
}
pub(crate) use payload;
