//! A street with a server, and clients that speak to it.

use engine::{
    command::Command,
    event::Event,
    identity::OrganizationId,
    member::{Caller, Role},
    moment::Moment,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    place::PlaceLevel,
    state::State,
};
use graphql::{ServerConfig, contacts::Contacts, serve, sign_in};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use storage::{Ledger, Log, Receipt, RequestId, memory::MemoryLog, vault::Vault};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// A street that runs: its office, one community 学府路社区, one hospital, one bank.
pub struct Street {
    pub address: SocketAddr,
    pub ledger: Ledger,
    pub coordinator: String,
    pub officer: String,
    pub liaison: String,
    pub observer: String,
    pub contacts: Option<Contacts>,
    clock: Arc<AtomicI64>,
    requests: AtomicU64,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<std::io::Result<()>>>,
}

impl Street {
    pub async fn open() -> Self {
        Self::open_with(ServerConfig::default()).await
    }

    /// A street that keeps contacts in this vault.
    pub async fn open_with_vault(vault: Vault) -> Self {
        let contacts = Contacts::open(vault, &State::empty(), Moment::from_millis(0)).unwrap();
        Self::open_with(ServerConfig { contacts: Some(contacts), ..ServerConfig::default() }).await
    }

    /// With other settings, but for the time the tests have, and without planning of its own.
    pub async fn open_with(config: ServerConfig) -> Self {
        Self::open_on(MemoryLog::new(), config).await
    }

    /// The same on another log.
    pub async fn open_on(log: impl Log + 'static, config: ServerConfig) -> Self {
        let kept = config.contacts.clone();
        let clock = Arc::new(AtomicI64::new(1_780_000_000_000));
        let ticking = Arc::clone(&clock);
        let now = move || Moment::from_millis(ticking.load(Ordering::SeqCst));
        let ledger = tokio::task::spawn_blocking(move || Ledger::open(log, now).unwrap()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let config = ServerConfig {
            drain: Duration::from_secs(5),
            tick: Duration::from_millis(20),
            replan: false,
            ..config
        };
        let server = tokio::spawn(serve(ledger.clone(), listener, config, async {
            let _ = stopped.await;
        }));
        let mut street = Self {
            address,
            ledger,
            coordinator: String::new(),
            officer: String::new(),
            liaison: String::new(),
            observer: String::new(),
            contacts: kept,
            clock,
            requests: AtomicU64::new(0),
            stop: Some(stop),
            server: Some(server),
        };
        street.settle().await;
        street
    }

    async fn settle(&mut self) {
        self.execute(Command::OpenStreet { name: "清河桥街道".into() }).await;
        let (name, parent) = ("学府路社区".to_owned(), self.ledger.state().street().map(|it| it.place));
        self.execute(Command::AddPlace { name, level: PlaceLevel::Community, parent, reference: None }).await;
        let place = self.ledger.state().places().next_back().map(|it| it.id);
        let draft = |name: &str, kind, place| OrganizationDraft {
            name: name.into(),
            kind,
            place,
            open_capacity: None,
            reference: None,
        };
        let hospital = OrganizationKind::Unit(UnitKind::Hospital);
        let bank = OrganizationKind::Unit(UnitKind::Bank);
        for draft in [
            draft("学府路社区", OrganizationKind::Community, place),
            draft("师院附属医院", hospital, place),
            draft("清河银行", bank, None),
        ] {
            self.execute(Command::RegisterOrganization(draft)).await;
        }
        self.coordinator = self.member(1, Role::Coordinator).await;
        self.officer = self.member(2, Role::CommunityOfficer).await;
        self.liaison = self.member(3, Role::UnitLiaison).await;
        self.observer = self.member(4, Role::Observer).await;
    }

    /// Adds a member for the organization with this number; its token.
    pub async fn member(&self, organization: u64, role: Role) -> String {
        let (token, hash) = sign_in::new_token().unwrap();
        let organization = OrganizationId::new(organization);
        let label = format!("{role:?}");
        self.execute(Command::AddMember { organization, role, label, token: hash, expires: None }).await;
        token.reveal().to_owned()
    }

    /// Executes as the operator.
    pub async fn execute(&self, command: Command) -> Receipt {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        let request = RequestId::new(format!("test-{number}")).unwrap();
        self.ledger.execute(Caller::System, request, command).await.unwrap()
    }

    /// Lets the ledger's clock go on.
    pub fn pass(&self, hours: i64) {
        self.clock.fetch_add(hours * 3_600_000, Ordering::SeqCst);
    }

    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Asks as somebody (an empty token is the public); the whole answer.
    pub async fn ask(&self, token: &str, query: &str, variables: Value) -> Value {
        self.ask_in(token, "en", query, variables).await
    }

    pub async fn ask_in(&self, token: &str, language: &str, query: &str, variables: Value) -> Value {
        let mut request = reqwest::Client::new()
            .post(self.url())
            .header("accept-language", language)
            .json(&json!({ "query": query, "variables": variables }));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Asks and takes the data of an answer without errors.
    pub async fn data(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = self.ask(token, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Runs a mutation with one input; its payload.
    pub async fn mutate(&self, token: &str, field: &str, selection: &str, input: Value) -> Value {
        self.mutate_in(token, "en", field, selection, input).await
    }

    pub async fn mutate_in(
        &self,
        token: &str,
        language: &str,
        field: &str,
        selection: &str,
        input: Value,
    ) -> Value {
        let mut name = field.to_owned();
        name[..1].make_ascii_uppercase();
        let query = format!(
            "mutation($input: {name}Input!) {{ {field}(input: $input) {{ position {selection} userErrors {{ code field message }} }} }}"
        );
        let answer = self.ask_in(token, language, &query, json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"][field].clone()
    }

    /// Posts a need of the community; its id.
    pub async fn need(&self, title: &str) -> String {
        let payload = self.mutate(&self.officer, "postNeed", "need { id }", json!({ "title": title })).await;
        payload["need"]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
    }

    /// Posts a resource of the hospital; its id.
    pub async fn resource(&self, title: &str) -> String {
        let payload =
            self.mutate(&self.liaison, "postResource", "resource { id }", json!({ "title": title })).await;
        payload["resource"]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
    }

    /// A value of `/metrics`, if it has come up.
    pub async fn metric(&self, name: &str) -> Option<f64> {
        let text =
            reqwest::get(format!("http://{}/metrics", self.address)).await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map(|value| value.parse().unwrap())
    }

    /// Waits until a value of `/metrics` is this one.
    pub async fn until(&self, name: &str, value: f64) {
        let asked = std::time::Instant::now();
        loop {
            let told = self.metric(name).await;
            if told.is_some_and(|told| (told - value).abs() < f64::EPSILON) {
                return;
            }
            assert!(asked.elapsed().as_secs() < 30, "{name} is {told:?} and not {value}");
            tokio::task::yield_now().await;
        }
    }

    /// Everything that has happened.
    pub fn events(&self) -> Vec<(u64, Event)> {
        let ledger = self.ledger.clone();
        let mut events = Vec::new();
        let mut after = engine::identity::Position::START;
        loop {
            let commits = ledger.read(after, 100).unwrap();
            let Some(last) = commits.last() else { return events };
            after = last.position;
            for commit in commits {
                events.extend(commit.events.iter().cloned().map(|event| (commit.position.0, event)));
            }
        }
    }

    /// Stops the server and waits for its clean end.
    pub async fn close(mut self) {
        drop(self.stop.take());
        self.server.take().unwrap().await.unwrap().unwrap();
    }
}

/// What an event is called in the feed.
pub fn as_shown(event: &Event) -> String {
    let words = event.name().chars().enumerate();
    let words =
        words.flat_map(|(at, it)| (at > 0 && it.is_ascii_uppercase()).then_some('_').into_iter().chain([it]));
    words.map(|it| it.to_ascii_uppercase()).collect()
}
