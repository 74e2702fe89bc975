//! Who is signed in, and what do they have open?
//!
//! In memory only: a restart signs everybody off. What somebody had open (searches) is kept for the account through an
//! idle logoff, so that the next sign-in returns to the same place.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use archive::{Account, Sight};
use sha2::{Digest as _, Sha256};

/// Sights that one session may still redeem: some hundred screens.
const SIGHTS: usize = 400;
/// Searches that an account has open.
const SEARCHES: usize = 100;
/// Nobody stays signed in longer, however busy.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

pub(crate) struct Sessions {
    idle: Duration,
    open: Mutex<HashMap<Key, Session>>,
    places: Mutex<HashMap<String, Places>>,
}

/// SHA-256 of the cookie: what is in memory opens nothing.
type Key = [u8; 32];

struct Session {
    account: String,
    generation: u64,
    /// Against forms of other sites.
    csrf: String,
    began: Instant,
    seen: Instant,
    sights: VecDeque<Arc<Sight>>,
}

/// What an account has open.
#[derive(Default)]
struct Places {
    searches: VecDeque<(String, Search)>,
    /// Charts are shown in the order of dates, not of types.
    charts_by_date: bool,
    left: Option<Instant>,
}

/// A search as it was asked: patient data, so its address says nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) text: String,
    /// `relevance`, `newest`, `oldest`, `received`.
    pub(crate) sort: String,
    /// Fields that were clicked: `type:LAB`.
    pub(crate) narrowed: Vec<String>,
    /// Meanings that were clicked away.
    pub(crate) without: Vec<String>,
}

/// Of a session that is open.
pub(crate) struct Known {
    pub(crate) account: String,
    pub(crate) generation: u64,
    pub(crate) csrf: String,
}

impl Sessions {
    pub(crate) fn new(idle_minutes: u32) -> Self {
        let idle = Duration::from_secs(u64::from(idle_minutes) * 60);
        Self { idle, open: Mutex::default(), places: Mutex::default() }
    }

    pub(crate) const fn idle(&self) -> Duration {
        self.idle
    }

    /// Opens a session; what is answered is its cookie.
    pub(crate) fn begin(&self, account: &Account) -> String {
        let cookie = secret();
        let now = Instant::now();
        let session = Session {
            account: account.name.clone(),
            generation: account.generation,
            csrf: secret(),
            began: now,
            seen: now,
            sights: VecDeque::new(),
        };
        let mut open = self.open();
        open.retain(|_, session| session.lives(self.idle));
        open.insert(key(&cookie), session);
        cookie
    }

    /// The session of a cookie. `alive`: a person did something, not a page that looks for news by itself.
    pub(crate) fn find(&self, cookie: &str, alive: bool) -> Option<Known> {
        let mut open = self.open();
        let session = open.get_mut(&key(cookie))?;
        if !session.lives(self.idle) {
            open.remove(&key(cookie));
            return None;
        }
        if alive {
            session.seen = Instant::now();
        }
        Some(Known {
            account: session.account.clone(),
            generation: session.generation,
            csrf: session.csrf.clone(),
        })
    }

    pub(crate) fn end(&self, cookie: &str) {
        self.open().remove(&key(cookie));
    }

    /// Keeps a sight for the pictures of the page that is about to be shown; answers its name in addresses.
    pub(crate) fn keep_sight(&self, cookie: &str, sight: Sight) -> u64 {
        let seq = sight.audit_seq();
        if let Some(session) = self.open().get_mut(&key(cookie)) {
            session.sights.push_back(Arc::new(sight));
            if session.sights.len() > SIGHTS {
                session.sights.pop_front();
            }
        }
        seq
    }

    /// One of this session's own; nobody redeems another's.
    pub(crate) fn sight(&self, cookie: &str, seq: u64) -> Option<Arc<Sight>> {
        let open = self.open();
        open.get(&key(cookie))?.sights.iter().find(|sight| sight.audit_seq() == seq).cloned()
    }

    /// Keeps a search; answers its name in addresses.
    pub(crate) fn keep_search(&self, account: &str, search: Search) -> String {
        let mut places = self.places();
        places.retain(|_, own| own.left.is_none_or(|left| left.elapsed() < LONGEST));
        let own = places.entry(account.to_owned()).or_default();
        own.left = Some(Instant::now());
        if let Some((name, _)) = own.searches.iter().find(|(_, kept)| *kept == search) {
            return name.clone();
        }
        let name = secret()[..16].to_owned();
        own.searches.push_back((name.clone(), search));
        if own.searches.len() > SEARCHES {
            own.searches.pop_front();
        }
        name
    }

    pub(crate) fn search(&self, account: &str, name: &str) -> Option<Search> {
        let places = self.places();
        let kept = places.get(account)?.searches.iter().find(|(own, _)| own == name);
        kept.map(|(_, search)| search.clone())
    }

    /// In which order the account wants charts; kept with what it has open.
    pub(crate) fn keep_chart_order(&self, account: &str, by_date: bool) {
        let mut places = self.places();
        let own = places.entry(account.to_owned()).or_default();
        own.left = Some(Instant::now());
        own.charts_by_date = by_date;
    }

    pub(crate) fn charts_by_date(&self, account: &str) -> bool {
        self.places().get(account).is_some_and(|own| own.charts_by_date)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Key, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn places(&self) -> MutexGuard<'_, HashMap<String, Places>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn lives(&self, idle: Duration) -> bool {
        self.seen.elapsed() < idle && self.began.elapsed() < LONGEST
    }
}

/// 244 random bits as 64 letters.
pub(crate) fn secret() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

fn key(cookie: &str) -> Key {
    Sha256::digest(cookie.as_bytes()).into()
}
