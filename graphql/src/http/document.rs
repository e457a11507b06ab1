//! From parameters to a request the schema may execute: parsed, counted, its operation chosen, its
//! variables coerced. The same for HTTP and for sockets.

use super::{
    answer,
    checked::{Checked, CheckedDocuments},
    documents::{Documents, Fingerprint},
    limits,
    request::Parameters,
    variables::InputTypes,
};
use crate::schema::{
    self, Face,
    fault::{FaultCode, server_fault},
    weighing,
};
use async_graphql::{
    Request, Response, ServerError, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use std::sync::Arc;

/// The schema with what is needed to check documents for it. A clone is another handle.
#[derive(Clone)]
pub struct Executor {
    /// The schema.
    pub face: Face,
    trusting: Face,
    scales: Face,
    documents: Documents,
    checked: CheckedDocuments,
    introspection: bool,
    inputs: Arc<InputTypes>,
}

/// A request that may be executed.
pub struct Prepared {
    /// For the schema; its scope is still to be put in.
    pub request: Request,
    /// What kind of operation it is.
    pub kind: OperationType,
    /// The name of the operation, for logs.
    pub name: Option<String>,
    /// How many fields the answer may hold, as far as the document says how long its pages are; for logs.
    pub cost: u64,
    /// Which document it is, for logs.
    pub fingerprint: Fingerprint,
    /// What is known of the document.
    pub checked: Arc<Checked>,
}

/// The longest name that is told, in characters.
const NAME_CHARS_MAX: usize = 80;

impl Prepared {
    /// Its name, short enough for a line of the log.
    pub fn short_name(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.chars().take(NAME_CHARS_MAX).collect())
    }
}

impl Executor {
    /// The executor of the face for these documents, with or without questions about the schema.
    ///
    /// # Errors
    /// When the schema's own definition does not parse, which a test guards.
    pub fn new(documents: Documents, introspection: bool) -> Result<Self, async_graphql::parser::Error> {
        let inputs = Arc::new(InputTypes::read(&schema::sdl())?);
        let (face, trusting, scales) = (schema::build(), schema::build_trusting(), weighing::build());
        Ok(Self {
            face,
            trusting,
            scales,
            documents,
            checked: CheckedDocuments::default(),
            introspection,
            inputs,
        })
    }

    /// Runs a query or a mutation in a scope. What is known to fit the schema is not held against it again.
    /// What is over a limit is told by how much.
    pub async fn run(&self, request: Request, checked: &Checked) -> Response {
        let variables = request.variables.clone();
        let face = if checked.is_valid() { &self.trusting } else { &self.face };
        let mut response = face.execute(request).await;
        if answer::was_executed(&response) {
            checked.passed();
        } else if response.errors.iter().any(weighing::is_over) {
            let mut again = Request::new("").variables(variables);
            again.set_parsed_query(checked.document.clone());
            response.errors = weighing::over_limit(&self.scales, again).await;
        }
        response
    }

    /// Checks parameters.
    ///
    /// # Errors
    /// The errors of a request that is not executed: they belong to no field.
    pub fn prepare(&self, parameters: Parameters) -> Result<Prepared, Vec<ServerError>> {
        let Parameters { query, document: id, operation_name, variables } = parameters;
        let query = self
            .documents
            .find(query, id.as_deref())
            .map_err(|(code, message)| vec![server_fault(code, message)])?;
        let checked = self.checked.find(&query, |query| parse_query(query)).map_err(|error| {
            let locations: Vec<_> = error.positions().collect();
            let mut fault = server_fault(FaultCode::ParseFailed, error.to_string());
            fault.locations = locations;
            vec![fault]
        })?;
        let document = &checked.document;
        let measured = limits::measure(document, &variables).map_err(|over| {
            let code = match over {
                limits::OverLimit::Cycle => FaultCode::ValidationFailed,
                limits::OverLimit::TooManySelections
                | limits::OverLimit::TooManyAliases
                | limits::OverLimit::TooDeep => FaultCode::TooComplex,
            };
            vec![server_fault(code, over.to_string())]
        })?;
        if measured.introspects && !self.introspection {
            let message = "introspection is off: the schema is published with the server";
            return Err(vec![server_fault(FaultCode::ValidationFailed, message)]);
        }
        self.documents.register(id.as_deref(), &query);
        let (name, operation) = choose(document, operation_name.as_deref())
            .map_err(|message| vec![server_fault(FaultCode::BadRequest, message)])?;
        let faults = self.inputs.check(operation, &variables);
        if !faults.is_empty() {
            return Err(faults
                .into_iter()
                .map(|message| server_fault(FaultCode::BadUserInput, message))
                .collect());
        }
        let (kind, name) = (operation.ty, name.map(str::to_owned));
        let fingerprint = Fingerprint::of(&query);
        let mut request = Request::new(query).variables(Variables::from_json(variables.into()));
        if let Some(name) = operation_name {
            request = request.operation_name(name);
        }
        request.set_parsed_query(document.clone());
        Ok(Prepared { request, kind, name, cost: measured.cost, fingerprint, checked })
    }
}

/// The operation that is asked for.
fn choose<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), String> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), None) => Ok((None, &operation.node)),
        (DocumentOperations::Single(_), Some(_)) => Err("the document has no operation of this name".into()),
        (DocumentOperations::Multiple(operations), Some(wanted)) => operations
            .iter()
            .find(|(name, _)| name.as_str() == wanted)
            .map(|(name, operation)| (Some(name.as_str()), &operation.node))
            .ok_or_else(|| "the document has no operation of this name".into()),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some((name, operation)), None) => Ok((Some(name.as_str()), &operation.node)),
                _ => Err("the document has several operations: `operationName` must say which".into()),
            }
        }
    }
}
