"""The tables of a bank in the order they are filled, with the columns each stream writes."""

_COLUMNS = """
staff_team: id name parent_id time_zone calendar
staff_user: id login name email role team_id language is_active joined_on password
staff_book: id name team_id is_pool
staff_bookmember: id book_id user_id role during
portfolios_product: id code name kind asset_class currency risk_class isin segments
portfolios_price: id product_id on close source
portfolios_fxrate: id currency on per_euro source
portfolios_modelportfolio: id name band
portfolios_modelweight: id portfolio_id asset_class target tolerance
clients_household: id name
clients_client: id number kind name book_id household_id state segment stage domicile language currency preferred_channel preferences branch since_on risk kyc_due_on value value_on last_contact_on vulnerable
clients_party: id client_id kind is_client name given_names family_name native_name born_on sex nationality residence occupation legal_form
clients_relationship: id client_id party_id of_id kind share since_on until_on
clients_contactpoint: id client_id party_id kind value preferred
clients_identifier: id client_id party_id kind country number issued_on expires_on
clients_taxresidence: id client_id party_id country number missing_reason
clients_interaction: id client_id channel outbound purpose at minutes place attendees summary notes advice_given by_id logged_at
clients_task: id client_id kind title due_on starts_at assigned_to_id made_by_id done_at promise
clients_lifeevent: id client_id kind on reported_by_client
clients_searchname: client_id words
clients_searchkey: id client_id key
portfolios_account: id client_id number kind currency opened_on closed_on balance balance_on statements
portfolios_accountparty: id client_id account_id party_id role
portfolios_loan: id client_id account_id reference granted_on amount months instalment state
portfolios_card: id client_id party_id account_id reference kind issued_on
portfolios_holding: id client_id account_id product_id quantity cost
portfolios_mandate: id client_id kind model_id since_on last_review_on
compliance_kycfile: id client_id state rating rating_reasons pep source_of_funds purpose reviewed_on reviewed_by_id next_review_on pack_version facts_at facts_by_id
compliance_consent: id client_id purpose channel given_on withdrawn_on
needs_assessment: id client_id state answers tolerance capacity knowledge band made_by_id made_at signed_at valid_until pack_version
needs_goal: id client_id name amount currency by_on product_kind reached_on
opportunities_opportunity: id client_id product_kind reason facts stage value currency owner_id made_at moved_at closed_reason
onboarding_onboarding: id client_id state started_by_id started_at finished_at products pack_version
onboarding_requireddocument: id client_id onboarding_id kind why state reason document_id reviewed_by_id
retention_quartervalue: id client_id on value
clients_searchword: word
portfolios_bookfigure: id book_id on clients value contacts
"""
COLUMNS: dict[str, list[str]] = {
    table: columns.split() for table, columns in (line.split(": ") for line in _COLUMNS.strip().splitlines())
}
TABLES = list(COLUMNS)
# Written client by client; the rest is written once for the whole bank.
OF_A_CLIENT = [table for table in TABLES[TABLES.index("clients_household") :]][:-2]
