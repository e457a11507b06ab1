//! A coordinator of a place acts for who sits there and for what lies there, down to the last stairwell, and for nothing
//! beside it or above it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    contact::{Purpose, Subject},
    entry::EntryDraft,
    identity::{ContactId, MemberId, NeedId, OrganizationId, PlaceId, ResourceId},
    member::{Caller, Role, SignOnHash, TokenHash},
    need::{NeedDraft, RejectionGround},
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{Side, Supplier, Target},
    permission::{Reach, Sight, may_read_contact},
    place::PlaceLevel,
    project::ProjectDraft,
    refusal::Refusal,
    resource::ResourceDraft,
    rules::Rules,
};
use tests::street::Street;

/// Two communities; in the first an estate with a property company, and a bank of the street that no place is known of.
struct Scene {
    street: Street,
    here: PlaceId,
    estate: PlaceId,
    community: OrganizationId,
    neighbour: OrganizationId,
    property: OrganizationId,
    bank: OrganizationId,
}

fn scene() -> Scene {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let neighbour = street.community("秋实社区");
    let here = street.state.organization(community).unwrap().draft.place.unwrap();
    let estate = street.place("春晖小区", PlaceLevel::Estate, Some(here));
    let kind = OrganizationKind::Unit(UnitKind::PropertyCompany);
    let property = street.organization("春晖物业", kind, Some(estate));
    let bank = street.unit("清河银行");
    Scene { street, here, estate, community, neighbour, property, bank }
}

/// `y` where the right is there, `.` where it is not. What does not exist, or stands against it, is not about rights.
fn told(street: &Street, callers: &[Caller], command: &Command) -> String {
    let cell = |caller: &Caller| match street.decide(*caller, command) {
        Err(Refusal::NotAllowed { .. }) => '.',
        Ok(_) | Err(_) => 'y',
    };
    callers.iter().map(cell).collect()
}

fn need_at(street: &mut Street, poster: OrganizationId, place: Option<PlaceId>) -> NeedId {
    let entry = EntryDraft { place, ..EntryDraft::new("楼道照明", poster) };
    street.run(Command::PostNeed(NeedDraft::new(entry)));
    street.state.needs().next_back().unwrap().id
}

fn resource_at(street: &mut Street, poster: OrganizationId, place: Option<PlaceId>) -> ResourceId {
    let entry = EntryDraft { place, ..EntryDraft::new("电工班", poster) };
    street.run(Command::PostResource(ResourceDraft::new(entry)));
    street.state.resources().next_back().unwrap().id
}

#[test]
fn a_coordinator_of_a_place_reaches_what_lies_there_and_who_sits_there() {
    let Scene { mut street, here, estate, community, neighbour, property, bank } = scene();
    let office = street.office();
    let there = street.state.organization(neighbour).unwrap().draft.place;
    // The columns: of the street office; of the community, its coordinator, its officer and its observer; coordinators of
    // the other community, of the property company in the estate, and of a bank without a place.
    let callers = [
        street.member(office, Role::Coordinator),
        street.member(community, Role::Coordinator),
        street.member(community, Role::CommunityOfficer),
        street.member(community, Role::Observer),
        street.member(neighbour, Role::Coordinator),
        street.member(property, Role::Coordinator),
        street.member(bank, Role::Coordinator),
    ];
    let [own, below, beside, bank_here, bank_nowhere, moved] = [
        (community, None),
        (property, None),
        (neighbour, None),
        (bank, Some(estate)),
        (bank, None),
        (community, there),
    ]
    .map(|(poster, place)| (need_at(&mut street, poster, place), resource_at(&mut street, poster, place)));
    let withdraw = |need| Command::WithdrawNeed { need, reason: "已办".into() };
    let pause = |resource| Command::PauseResource { resource, reason: "检修".into() };
    let rows = [
        ("its own", own, "yyy...."),
        ("of an organization below", below, "yy...y."),
        ("of the community beside it", beside, "y...y.."),
        ("of a unit from elsewhere, lying in the estate", bank_here, "yy...yy"),
        ("of a unit from elsewhere, lying nowhere", bank_nowhere, "y.....y"),
        ("its own, lying in the community beside it", moved, "yyy.y.."),
    ];
    for (what, (need, resource), expected) in rows {
        assert_eq!(told(&street, &callers, &withdraw(need)), expected, "need {what}");
        assert_eq!(told(&street, &callers, &pause(resource)), expected, "resource {what}");
    }

    // Reviews go to the community a need lies in.
    let reject = |need| Command::RejectNeed { need, ground: RejectionGround::NotFeasible, note: None };
    for (need, expected) in [(own.0, "yyy...."), (bank_here.0, "yyy..y."), (bank_nowhere.0, "y......")] {
        assert_eq!(told(&street, &callers, &reject(need)), expected);
    }
    // In somebody's name posts who acts for it, wherever the thing is to lie.
    let post = |poster, place| {
        Command::PostNeed(NeedDraft::new(EntryDraft { place, ..EntryDraft::new("楼道照明", poster) }))
    };
    for (poster, place, expected) in [
        (community, None, "yyy...."),
        (property, None, "yy...y."),
        (bank, Some(here), "y.....y"),
        (neighbour, Some(here), "y...y.."),
    ] {
        assert_eq!(told(&street, &callers, &post(poster, place)), expected);
    }
    // Nobody hands an entry to an organization it does not act for.
    let draft = street.state.need(own.0).unwrap().draft.clone();
    let give_away = |organization| {
        let entry = EntryDraft { organization, ..draft.entry.clone() };
        Command::AmendNeed { need: own.0, revision: 1, draft: NeedDraft { entry, ..draft.clone() } }
    };
    assert_eq!(told(&street, &callers, &give_away(property)), "yy.....");
    assert_eq!(told(&street, &callers, &give_away(neighbour)), "y......");
    // A project takes along the needs of its own reach only.
    let carry = |need| {
        let entry = EntryDraft::new("合力修缮", community);
        Command::PostProject(ProjectDraft { needs: vec![need], ..ProjectDraft::new(entry) })
    };
    assert_eq!(told(&street, &callers, &carry(below.0)), "yy.....");
    assert_eq!(told(&street, &callers, &carry(beside.0)), "y......");

    // Both sides of a pairing, each for itself.
    let (target, supplier) = (Target::Need(below.0), Supplier::Resource(beside.1));
    let pairing = street.request(office, target, supplier, None).unwrap();
    let claim = |side| Command::ClaimPairing { pairing, side };
    assert_eq!(told(&street, &callers, &claim(Side::Asking)), "yy...y.");
    assert_eq!(told(&street, &callers, &claim(Side::Giving)), "y...y..");
}

#[test]
fn what_is_of_the_street_is_not_for_a_coordinator_of_a_place_and_no_way_leads_up() {
    let Scene { mut street, here, estate, community, property, .. } = scene();
    let office = street.office();
    let callers = [
        street.member(office, Role::Coordinator),
        street.member(community, Role::Coordinator),
        street.member(property, Role::Coordinator),
    ];
    let street_place = street.state.street().unwrap().place;
    let seat = |organization: OrganizationId, place: Option<PlaceId>, kind: OrganizationKind| {
        let draft = street.state.organization(organization).unwrap().draft.clone();
        Command::AmendOrganization { organization, draft: OrganizationDraft { place, kind, ..draft } }
    };
    let login = |organization| Command::AddMember {
        organization,
        role: Role::Coordinator,
        label: "办公室电脑".into(),
        token: TokenHash("f".repeat(64)),
        expires: None,
    };
    for command in [
        Command::SetRules(Rules { fit_min: 300, ..Rules::STANDARD }),
        Command::AddPlace {
            name: "一号楼".into(),
            level: PlaceLevel::Building,
            parent: Some(estate),
            reference: None,
        },
        Command::RenamePlace { place: here, name: "春晖里".into() },
        seat(community, Some(street_place), OrganizationKind::Community),
        seat(community, None, OrganizationKind::Community),
        seat(community, Some(here), OrganizationKind::StreetOffice),
        Command::LinkRoster(RosterLink { unit: property, community: here, relation: Relation::Assigned }),
        login(community),
        login(office),
        Command::IssueToken {
            member: MemberId::new(1),
            label: "平板".into(),
            token: TokenHash("e".repeat(64)),
            expires: None,
        },
        Command::BindSignOn { member: MemberId::new(1), sign_on: SignOnHash("a".repeat(64)) },
        Command::RevokeMember(MemberId::new(1)),
    ] {
        assert_eq!(told(&street, &callers, &command), "y..", "{command:?}");
    }
    let reaches = callers.map(|caller| Reach::of(&street.state, &caller));
    assert_eq!(
        reaches,
        [
            Reach::Street,
            Reach::Place { place: here, organization: community },
            Reach::Place { place: estate, organization: property },
        ]
    );
    let sights = callers.map(|caller| Sight::of(&street.state, &caller));
    assert_eq!(sights, [Sight::Members, Sight::Street, Sight::Street]);

    // The reach is that of now: who moves up or down takes the login along.
    let move_to = |street: &mut Street, organization, place| {
        let draft = street.state.organization(organization).unwrap().draft.clone();
        street.run(Command::AmendOrganization { organization, draft: OrganizationDraft { place, ..draft } });
    };
    let [_, caller, _] = callers;
    move_to(&mut street, community, Some(street_place));
    assert_eq!(Reach::of(&street.state, &caller), Reach::Street);
    move_to(&mut street, community, None);
    assert_eq!(Reach::of(&street.state, &caller), Reach::Organization(community));
    let Caller::Member { member, .. } = caller else { unreachable!() };
    street.run(Command::RevokeMember(member));
    assert_eq!(Reach::of(&street.state, &caller), Reach::Nothing);
    assert_eq!(Reach::of(&street.state, &Caller::Public), Reach::Nothing);
    assert_eq!(Sight::of(&street.state, &Caller::Public), Sight::Notices);
}

#[test]
fn a_coordinator_of_a_place_reads_the_contacts_of_what_it_reaches() {
    let Scene { mut street, community, neighbour, property, .. } = scene();
    let office = street.office();
    let callers = [
        street.member(office, Role::Coordinator),
        street.member(community, Role::Coordinator),
        street.member(neighbour, Role::Coordinator),
        street.member(property, Role::Coordinator),
    ];
    let (below, beside) = (need_at(&mut street, property, None), need_at(&mut street, neighbour, None));
    let subjects = [
        Subject::Need(below),
        Subject::Need(beside),
        Subject::Organization(property),
        Subject::Organization(neighbour),
    ];
    for (number, (of, expected)) in (1..).zip(subjects.into_iter().zip(["yy.y", "y.y.", "yy.y", "y.y."])) {
        let contact = ContactId::new(number);
        let give = Command::GiveContact { contact, of, purpose: Purpose::OnSite };
        assert_eq!(told(&street, &callers, &give), expected, "{of:?}");
        street.run(give);
        let contact = street.state.contact(contact).unwrap();
        let reads: String = callers
            .iter()
            .map(|caller| if may_read_contact(&street.state, caller, contact) { 'y' } else { '.' })
            .collect();
        assert_eq!(reads, expected, "{of:?}");
    }
}
