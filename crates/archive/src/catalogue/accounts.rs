//! Who may sign in, and as what?
//!
//! Passwords come hashed: what makes and checks them is the desk. Whatever takes a right away raises the account's
//! generation, and with it ends its sessions.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use records::document::Label;
use records::rights::{Right, Role, Viewer};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Json, Millis, now};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A person who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case, as it is typed at sign-in; recorded as `clerk:NAME`.
    pub name: String,
    /// As colleagues call them.
    pub display: String,
    pub roles: BTreeSet<Role>,
    /// Protection labels this person may see.
    pub labels: BTreeSet<Label>,
    pub disabled: bool,
    /// As a PHC string; `None`: not chosen yet.
    pub password: Option<String>,
    /// Secret of the second factor, base32; `None`: not asked for.
    pub totp: Option<String>,
    /// Step of the last code that was used.
    pub totp_step: u64,
    /// Attempts that failed since the last that did not.
    pub failures: u32,
    pub locked_until: Option<Timestamp>,
    pub last_seen: Option<Timestamp>,
    pub created: Timestamp,
    pub created_by: String,
    /// Sessions of another generation have ended.
    pub generation: u64,
}

/// Shows no secret.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {:?})", self.name, self.roles)
    }
}

impl Account {
    pub fn may(&self, right: Right) -> bool {
        self.roles.iter().any(|role| role.may(right))
    }

    /// As which it acts and looks.
    pub fn actor(&self) -> String {
        format!("clerk:{}", self.name)
    }

    /// Without what an emergency opens ([`Archive::emergency_patients`]).
    pub fn viewer(&self) -> Viewer {
        Viewer {
            name: self.actor(),
            labels: self.labels.clone(),
            worklist: self.may(Right::Worklist),
            emergency: BTreeSet::new(),
        }
    }
}

/// Who is let in anew, and as what.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub name: String,
    pub display: String,
    pub roles: BTreeSet<Role>,
    pub labels: BTreeSet<Label>,
}

/// What is to be another about an account.
#[derive(Clone, Debug, Default)]
pub struct AccountEdit {
    pub display: Option<String>,
    pub roles: Option<BTreeSet<Role>>,
    pub labels: Option<BTreeSet<Label>>,
    pub disabled: Option<bool>,
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// Makes the first administrator.
    FirstAccount,
    /// Chooses the password of this account.
    Password(String),
}

/// Failures in a row after which an account rests for a while, longer with every further one.
const TRIES: u32 = 5;

impl Archive {
    /// Lets somebody in anew. They choose a password by a link.
    pub fn add_account(&self, new: &NewAccount, by: &str) -> Result<()> {
        if !is_name(&new.name) {
            let why = "a name has 2 to 40 small letters, digits, dots or hyphens and begins with a letter";
            return Err(ArchiveError::NotNow { act: "add the account", why });
        }
        if new.roles.is_empty() {
            return Err(ArchiveError::NotNow { act: "add the account", why: "it needs a role" });
        }
        self.0.catalogue.write(Lane::Desk, |tx| insert(tx, new, by))
    }

    pub fn account(&self, name: &str) -> Result<Option<Account>> {
        self.0.catalogue.read(|c| account(c, name))
    }

    /// All of them, by name.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(&format!("{SELECT} ORDER BY name"))?;
            let rows = rows.query_map([], Account::of)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Changes what an account may. Its sessions end.
    pub fn edit_account(&self, name: &str, edit: &AccountEdit, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let was = known(tx, name)?;
            if edit.roles.as_ref().is_some_and(BTreeSet::is_empty) {
                return Err(ArchiveError::NotNow { act: "change the account", why: "it needs a role" });
            }
            tx.prepare_cached(
                "UPDATE account SET display = coalesce(?2, display), roles = coalesce(?3, roles),
                     labels = coalesce(?4, labels), disabled = coalesce(?5, disabled),
                     generation = generation + 1 WHERE name = ?1",
            )?
            .execute(params![
                name,
                edit.display,
                edit.roles.as_ref().map(Json),
                edit.labels.as_ref().map(Json),
                edit.disabled
            ])?;
            let is = known(tx, name)?;
            let administers = |account: &Account| account.may(Right::Administer) && !account.disabled;
            if administers(&was) && !administers(&is) && !all(tx)?.iter().any(administers) {
                let why = "nobody would be left who administers accounts";
                return Err(ArchiveError::NotNow { act: "change the account", why });
            }
            let told = |account: &Account| {
                serde_json::json!({
                    "display": account.display, "roles": account.roles, "labels": account.labels,
                    "disabled": account.disabled,
                })
            };
            let detail = serde_json::json!({ "account": name, "was": told(&was), "is": told(&is) });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Update, "account-edit") })?;
            Ok(())
        })
    }

    /// A single-use link; what is answered is its secret, kept nowhere. Links that have expired are forgotten.
    ///
    /// # Errors
    /// There is no such account; or the first account is already there.
    pub fn make_link(&self, link: &LinkFor, lasts: SignedDuration, by: &str) -> Result<String> {
        let secret = secret();
        self.0.catalogue.write(Lane::Desk, |tx| {
            let account = match link {
                LinkFor::FirstAccount if !all(tx)?.is_empty() => {
                    return Err(ArchiveError::NotNow { act: "set up", why: "there are accounts already" });
                }
                LinkFor::FirstAccount => None,
                LinkFor::Password(name) => Some(known(tx, name)?.name),
            };
            let now = now();
            tx.execute(
                "DELETE FROM account_link WHERE expires < ?1 OR account IS ?2",
                params![Millis(now), account],
            )?;
            tx.execute(
                "INSERT INTO account_link (secret, account, expires) VALUES (?1, ?2, ?3)",
                params![hashed(&secret), account, Millis(now + lasts)],
            )?;
            let detail = serde_json::json!({ "account": account });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Create, "account-link") })?;
            Ok(secret)
        })
    }

    /// What a link is for, while it lasts; it is not used by that.
    pub fn link(&self, secret: &str) -> Result<Option<LinkFor>> {
        self.0.catalogue.read(|c| link(c, secret))
    }

    /// Uses a link of the first account up: makes it an administrator.
    pub fn set_up(&self, secret: &str, name: &str, display: &str, password: &str) -> Result<()> {
        if !is_name(name) {
            return Err(ArchiveError::NotNow { act: "add the account", why: "this name cannot be one" });
        }
        self.0.catalogue.write(Lane::Desk, |tx| {
            if link(tx, secret)? != Some(LinkFor::FirstAccount) || !all(tx)?.is_empty() {
                return Err(ArchiveError::Unknown { what: "link" });
            }
            let new = NewAccount {
                name: name.into(),
                display: display.into(),
                roles: [Role::Administrator].into(),
                labels: BTreeSet::new(),
            };
            insert(tx, &new, "setup")?;
            choose_password(tx, secret, name, password)
        })
    }

    /// Uses a link up: the account has this password from now on, and no failures. Its sessions end.
    pub fn set_password(&self, secret: &str, password: &str) -> Result<String> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let Some(LinkFor::Password(name)) = link(tx, secret)? else {
                return Err(ArchiveError::Unknown { what: "link" });
            };
            choose_password(tx, secret, &name, password)?;
            Ok(name)
        })
    }

    /// Asks this account for a second factor, or no longer does.
    pub fn set_totp(&self, name: &str, secret: Option<&str>, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            known(tx, name)?;
            tx.execute("UPDATE account SET totp = ?2, totp_step = 0 WHERE name = ?1", params![name, secret])?;
            let detail = serde_json::json!({ "account": name, "asked": secret.is_some() });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Update, "second-factor") })?;
            Ok(())
        })
    }

    /// Somebody gave the right password, and this code's step where one is asked for.
    ///
    /// # Errors
    /// `NotNow`: the code was used before, or the account was locked meanwhile.
    pub fn signed_in(&self, name: &str, step: Option<u64>, from: &str) -> Result<Account> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let account = known(tx, name)?;
            if step.is_some_and(|step| step <= account.totp_step) {
                return Err(ArchiveError::NotNow { act: "sign in", why: "this code was used before" });
            }
            tx.execute(
                "UPDATE account SET failures = 0, locked_until = NULL, last_seen = ?2,
                     totp_step = coalesce(?3, totp_step) WHERE name = ?1",
                params![name, Millis(now()), step.map(|step| step as i64)],
            )?;
            let detail = serde_json::json!({ "from": from });
            append(
                tx,
                &AuditEntry { detail, ..AuditEntry::new(&account.actor(), Action::Execute, "sign-in") },
            )?;
            known(tx, name)
        })
    }

    /// Somebody tried and failed. After five in a row the account rests a minute, then twice as long with every further
    /// failure, up to an hour. What was tried is not written down: it may be a password in the wrong field.
    pub fn sign_in_failed(&self, name: &str, from: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let account = account(tx, name)?;
            let mut detail = serde_json::json!({ "from": from });
            if let Some(account) = &account {
                let failures = account.failures + 1;
                let minutes = (failures >= TRIES).then(|| 1_i64 << (failures - TRIES).min(6));
                let until = minutes.map(|minutes| now() + SignedDuration::from_mins(minutes.min(60)));
                tx.execute(
                    "UPDATE account SET failures = ?2, locked_until = ?3 WHERE name = ?1",
                    params![name, failures, until.map(Millis)],
                )?;
                detail["locked_minutes"] = serde_json::json!(minutes);
            }
            let actor = account.map_or_else(|| "unknown".into(), |account| account.actor());
            let refused =
                AuditEntry { detail, refused: true, ..AuditEntry::new(&actor, Action::Execute, "sign-in") };
            append(tx, &refused)?;
            Ok(())
        })
    }
}

fn choose_password(tx: &Connection, secret: &str, name: &str, password: &str) -> Result<()> {
    tx.execute("DELETE FROM account_link WHERE secret = ?1", [hashed(secret)])?;
    tx.execute(
        "UPDATE account SET password = ?2, failures = 0, locked_until = NULL, generation = generation + 1
         WHERE name = ?1",
        params![name, password],
    )?;
    let actor = format!("clerk:{name}");
    append(tx, &AuditEntry::new(&actor, Action::Update, "password"))?;
    Ok(())
}

fn insert(tx: &Connection, new: &NewAccount, by: &str) -> Result<()> {
    if account(tx, &new.name)?.is_some() {
        return Err(ArchiveError::NotNow { act: "add the account", why: "there is one of this name" });
    }
    tx.execute(
        "INSERT INTO account (name, display, roles, labels, created, created_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![new.name, new.display, Json(&new.roles), Json(&new.labels), Millis(now()), by],
    )?;
    let detail = serde_json::json!({ "account": new.name, "roles": new.roles, "labels": new.labels });
    append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Create, "account") })?;
    Ok(())
}

const SELECT: &str = "SELECT name, display, roles, labels, disabled, password, totp, totp_step, failures,
    locked_until, last_seen, created, created_by, generation FROM account";

impl Account {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let time = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<Millis>>(at)?.map(|at| at.0));
        Ok(Self {
            name: row.get(0)?,
            display: row.get(1)?,
            roles: row.get::<_, Json<_>>(2)?.0,
            labels: row.get::<_, Json<_>>(3)?.0,
            disabled: row.get(4)?,
            password: row.get(5)?,
            totp: row.get(6)?,
            totp_step: row.get::<_, i64>(7)?.unsigned_abs(),
            failures: row.get(8)?,
            locked_until: time(9)?,
            last_seen: time(10)?,
            created: row.get::<_, Millis>(11)?.0,
            created_by: row.get(12)?,
            generation: row.get::<_, i64>(13)?.unsigned_abs(),
        })
    }
}

fn account(c: &Connection, name: &str) -> Result<Option<Account>> {
    Ok(c.prepare_cached(&format!("{SELECT} WHERE name = ?1"))?.query_row([name], Account::of).optional()?)
}

fn known(c: &Connection, name: &str) -> Result<Account> {
    account(c, name)?.ok_or(ArchiveError::Unknown { what: "account" })
}

fn all(c: &Connection) -> Result<Vec<Account>> {
    let mut rows = c.prepare_cached(SELECT)?;
    let rows = rows.query_map([], Account::of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn link(c: &Connection, secret: &str) -> Result<Option<LinkFor>> {
    let found = c
        .prepare_cached("SELECT account FROM account_link WHERE secret = ?1 AND expires >= ?2")?
        .query_row(params![hashed(secret), Millis(now())], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    Ok(found.map(|account| account.map_or(LinkFor::FirstAccount, LinkFor::Password)))
}

/// 244 bits that nobody guesses.
fn secret() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

fn hashed(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    (2..=40).contains(&name.len())
        && name.chars().all(fits)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
}
