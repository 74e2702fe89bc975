//! Who are the patients of the sample scans? None of them lives.

use jiff::civil::{Date, date};

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) mrn: String,
    pub(crate) family: &'static str,
    pub(crate) given: &'static str,
    pub(crate) middle: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) born: Date,
    pub(crate) sex: char,
    pub(crate) merged_into: Option<String>,
}

impl Person {
    /// "DOE, JANE Q"
    pub(crate) fn filed(&self) -> String {
        let mut name = format!("{}, {}", self.family, self.given).to_uppercase();
        for part in [self.middle, self.suffix] {
            if !part.is_empty() {
                name.push(' ');
                name.push_str(&part.to_uppercase());
            }
        }
        name
    }

    /// "03/15/1962"
    pub(crate) fn born_us(&self) -> String {
        self.born.strftime("%m/%d/%Y").to_string()
    }
}

fn person(mrn: u32, name: [&'static str; 4], born: Date, sex: char) -> Person {
    let [family, given, middle, suffix] = name;
    Person { mrn: format!("{mrn:08}"), family, given, middle, suffix, born, sex, merged_into: None }
}

/// The patient index of the demo: people of the scans first, then namesakes and strangers.
pub(crate) fn everybody() -> Vec<Person> {
    let mut people = vec![
        person(10_482_713, ["Okafor", "Denise", "R", ""], date(1962, 3, 15), 'F'),
        person(10_593_046, ["Lindqvist", "Harold", "J", ""], date(1947, 11, 2), 'M'),
        person(10_617_258, ["Marchetti", "Rosa", "", ""], date(1988, 7, 21), 'F'),
        person(10_734_961, ["Beaumont", "Curtis", "L", "JR"], date(1955, 1, 30), 'M'),
        person(10_845_327, ["Nakagawa", "Elaine", "M", ""], date(1971, 9, 8), 'F'),
        person(10_926_584, ["Petrov", "Anton", "", ""], date(1939, 12, 24), 'M'),
        person(11_038_492, ["Whitfield", "Gloria", "A", ""], date(1966, 5, 17), 'F'),
        person(11_147_630, ["Delacroix", "Simon", "P", ""], date(1993, 2, 11), 'M'),
        person(11_259_874, ["Hargrove", "Beatrice", "", ""], date(1951, 8, 29), 'F'),
        person(11_362_015, ["Vasquez", "Miguel", "E", ""], date(1979, 10, 6), 'M'),
        person(11_473_928, ["Thornbury", "Alice", "C", ""], date(1984, 4, 3), 'F'),
        person(11_584_106, ["Kowalczyk", "Stefan", "", ""], date(1958, 6, 19), 'M'),
        // Twins: same family name, same day.
        person(11_690_347, ["Ashdown", "Lily", "", ""], date(2015, 5, 5), 'F'),
        person(11_690_348, ["Ashdown", "Lila", "", ""], date(2015, 5, 5), 'F'),
        // The same name, another day.
        person(11_702_459, ["Okafor", "Denise", "", ""], date(1981, 12, 9), 'F'),
        person(11_813_570, ["Garcia", "Maria", "", ""], date(1970, 2, 14), 'F'),
        person(11_813_999, ["Garcia", "Maria", "", ""], date(1970, 2, 14), 'F'),
    ];
    for (at, (family, given)) in FAMILIES.iter().zip(&GIVEN).take(12).enumerate() {
        let year = 1935 + 4 * at as i16;
        let born = date(year, 1 + (at % 12) as i8, 3 + 2 * (at % 12) as i8);
        let sex = if at % 2 == 0 { 'M' } else { 'F' };
        people.push(person(12_000_104 + 7_919 * at as u32, [family, given, "", ""], born, sex));
        let born = date(year + 9, 12 - (at % 12) as i8, 25 - (at % 12) as i8);
        let sex = if at % 2 == 0 { 'F' } else { 'M' };
        people.push(person(
            12_500_231 + 6_421 * at as u32,
            [family, GIVEN[(at + 5) % 12], "", ""],
            born,
            sex,
        ));
    }
    // An old number that was merged: its labels are still in the boxes.
    people.push(Person {
        merged_into: Some("10845327".into()),
        ..person(9_845_327, ["Nakagawa", "Elaine", "M", ""], date(1971, 9, 8), 'F')
    });
    people
}

/// Names of made-up people: the first twelve of either are those of the sample scans.
pub(crate) const FAMILIES: [&str; 16] = [
    "Abernathy",
    "Bergstrom",
    "Castellan",
    "Duquesne",
    "Eastwick",
    "Fairbairn",
    "Gallagher",
    "Hollister",
    "Ibrahim",
    "Jablonski",
    "Kensington",
    "Lombardo",
    "Okafor",
    "Petrov",
    "Vasquez",
    "Whitfield",
];
pub(crate) const GIVEN: [&str; 14] = [
    "Walter", "Irene", "Samuel", "Judith", "Leonard", "Paula", "Victor", "Norma", "Oscar", "Helen", "Dennis",
    "Rita", "Miguel", "Gloria",
];

/// The list `chartroom patients import` loads.
pub(crate) fn csv() -> String {
    let mut csv = String::from(
        "authority,mrn,family,given,middle,suffix,birth_date,sex,street,city,postal,phone,deceased,merged_into_mrn,updated_at\n",
    );
    for person in everybody() {
        let merged = person.merged_into.as_deref().unwrap_or("");
        csv.push_str(&format!(
            "GENHOSP,{},{},{},{},{},{},{},,,,,,{merged},2026-01-05T08:00:00Z\n",
            person.mrn, person.family, person.given, person.middle, person.suffix, person.born, person.sex
        ));
    }
    csv
}
