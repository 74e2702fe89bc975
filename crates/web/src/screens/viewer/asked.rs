//! What does a query mean in this house, and whose charts does it name?

use records::identifier::Identifier;
use search::{PatientTerm, Query, Resolved};

use crate::desk::Desk;
use crate::fault::Fault;

/// With all that this house knows: its types of document, what its words mean, and the codes they stand for.
pub(super) fn understood(desk: &Desk, query: Query) -> Query {
    let query = query.knowing(&desk.rules.kinds).speaking(&desk.vocabulary);
    if query.has_words() { query.coded(&desk.codes) } else { query }
}

/// Who may be meant by the query's patient terms: everybody the index knows, with all their identities; a number, of
/// whoever assigned it.
pub(super) fn resolve(desk: &Desk, terms: Vec<&PatientTerm>) -> Result<Resolved, Fault> {
    let archive = &desk.archive;
    let mut lists = Vec::new();
    for term in terms {
        let survivors = match term {
            PatientTerm::Number(number) => {
                let mut found = Vec::new();
                for authority in archive.authorities()? {
                    let (value, _) = desk.rules.number(number, Some(&authority));
                    let patient = archive.patient_by_number(&Identifier::mrn(&authority, &value))?;
                    found.extend(patient.map(|patient| patient.id));
                }
                found
            }
            PatientTerm::Name { family, given } => archive.patients_named(family, given.as_deref())?,
            PatientTerm::BirthDate(born) => archive.patients_born(*born)?,
        };
        let mut everybody = Vec::new();
        for survivor in survivors {
            everybody.extend(archive.identities(survivor)?);
        }
        lists.push(everybody);
    }
    Ok(Resolved(lists))
}
