//! What lies nowhere, and what a route does not do: told as any other error, with a code and the id of the request.

use super::{answer, envelope::RequestTag, negotiation::Media, request::BadRequest};
use crate::schema::fault::FaultCode;
use axum::{extract::Extension, http::StatusCode, response::Response};

/// No route is at this path.
pub async fn no_route(Extension(tag): Extension<RequestTag>) -> Response {
    let bad = BadRequest {
        status: StatusCode::NOT_FOUND,
        code: FaultCode::NotFound,
        message: "there is nothing at this path; GraphQL is at /graphql".to_owned(),
    };
    answer::refuse(Media::Json, bad, &tag)
}

/// The route at this path does not do this; what it does, the router says in `Allow`.
pub async fn no_method(Extension(tag): Extension<RequestTag>) -> Response {
    let bad = BadRequest {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: FaultCode::MethodNotAllowed,
        message: "this path does not take this method".to_owned(),
    };
    answer::refuse(Media::Json, bad, &tag)
}
