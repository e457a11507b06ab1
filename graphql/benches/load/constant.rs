//! The ceiling: a handler as the documentation of the library has it, with a schema of the shape of what is asked, whose
//! resolvers return what they were given. Nothing is looked up, and nothing is written.

use async_graphql::{EmptySubscription, Enum, ID, InputObject, Object, Request, Schema, SimpleObject};
use axum::{Router, body::Bytes, extract::State, http::header, response::IntoResponse, routing::post};
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Status {
    Open,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Urgency {
    Normal,
}

#[derive(Clone, SimpleObject)]
struct Place {
    name: String,
}

#[derive(Clone, SimpleObject)]
struct Organization {
    id: ID,
    name: String,
    place: Option<Place>,
}

#[derive(Clone, SimpleObject)]
struct Category {
    code: String,
    zh: String,
}

#[derive(Clone, SimpleObject)]
struct Window {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Clone, SimpleObject)]
struct Need {
    id: ID,
    title: String,
    status: Status,
    urgency: Option<Urgency>,
    asked: i32,
    unserved: i32,
    window: Window,
    category: Option<Category>,
    organization: Option<Organization>,
}

#[derive(Clone, SimpleObject)]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Clone, SimpleObject)]
struct Needs {
    nodes: Vec<Need>,
    page_info: PageInfo,
}

#[derive(InputObject)]
struct NeedFilter {
    place: Option<ID>,
    category: Option<String>,
    status: Option<Vec<Status>>,
}

struct Query(Arc<Needs>);

#[Object]
impl Query {
    async fn needs(&self, first: i32, after: Option<String>, filter: Option<NeedFilter>) -> &Needs {
        let _ = (first, after, filter.map(|it| (it.place, it.category, it.status)));
        &self.0
    }
}

#[derive(InputObject)]
struct QuantityInput {
    amount: i32,
    unit: String,
}

#[derive(InputObject)]
struct PostNeedInput {
    request_id: String,
    title: String,
    organization: ID,
    category: String,
    urgency: Urgency,
    quantity: QuantityInput,
}

#[derive(Clone, SimpleObject)]
struct UserError {
    code: String,
    field: Option<String>,
    message: String,
}

#[derive(Clone, SimpleObject)]
struct PostNeedPayload {
    position: String,
    need: Need,
    user_errors: Vec<UserError>,
}

struct Mutation(Need);

#[Object]
impl Mutation {
    async fn post_need(&self, input: PostNeedInput) -> PostNeedPayload {
        let PostNeedInput { request_id, title, organization, category, urgency, quantity } = input;
        let _ = (organization, category, urgency, quantity.amount, quantity.unit);
        PostNeedPayload {
            position: request_id,
            need: Need { title, ..self.0.clone() },
            user_errors: Vec::new(),
        }
    }
}

type Constant = Schema<Query, Mutation, EmptySubscription>;

fn needs() -> Needs {
    let need = |number: u64| Need {
        id: ID(format!("bmVlZDox{number:06}")),
        title: "老年食堂每日午餐四十份".to_owned(),
        status: Status::Open,
        urgency: Some(Urgency::Normal),
        asked: 40,
        unserved: 40,
        window: Window { from: None, to: Some("2026-12-31".to_owned()) },
        category: Some(Category { code: "CARE-MEAL".to_owned(), zh: "助餐".to_owned() }),
        organization: Some(Organization {
            id: ID("b3JnYW5pemF0aW9uOjE".to_owned()),
            name: "春风里第一社区".to_owned(),
            place: Some(Place { name: "春风里第一社区".to_owned() }),
        }),
    };
    let page_info = PageInfo { has_next_page: true, end_cursor: Some("YWZ0ZXI6MjA".to_owned()) };
    Needs { nodes: (0..20).map(need).collect(), page_info }
}

async fn answer(State(schema): State<Constant>, body: Bytes) -> impl IntoResponse {
    let request: Request = serde_json::from_slice(&body).unwrap();
    let response = schema.execute(request).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], serde_json::to_vec(&response).unwrap())
}

/// Serves until it is killed.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let needs = needs();
        let mutation = Mutation(needs.nodes[0].clone());
        let schema = Schema::new(Query(Arc::new(needs)), mutation, EmptySubscription);
        let routes = Router::new().route("/graphql", post(answer)).with_state(schema);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        axum::serve(listener, routes).await.unwrap();
    });
}
