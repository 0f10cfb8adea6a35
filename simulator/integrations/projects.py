"""Projects: set up in the PSA for the people, then in the ERP for the money."""

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.contracts import contract_key
from simulator.integrations.work import Work
from simulator.systems import crm, erp, psa


def set_up(work: Work, facts: intent.SetUpProjects) -> None:
    """Create every project of a contract in both systems. What an earlier attempt has created is not created again."""
    contract = work.call(
        crm.READ_CONTRACT, crm.ReadContract(work.crosswalk.get(crm.SYSTEM, "contract", facts.contract))
    )
    for handle in facts.projects:
        _create_in_psa(work, handle, contract)
    for handle in facts.projects:
        _create_in_erp(work, handle, contract)


def _create_in_psa(work: Work, handle: str, contract: crm.Contract) -> None:
    if work.crosswalk.find(psa.SYSTEM, "project", handle):
        return
    terms = contract.terms
    ask = psa.NewProject(contract.id, terms.title, terms.region, terms.legal_entity, terms.currency)
    with work.run.step("create project in psa", contract_key(contract.id)):
        project = work.call(psa.CREATE_PROJECT, ask)
    work.crosswalk.note(psa.SYSTEM, "project", handle, project.id)
    work.run.emit(
        "project.created",
        occurred_at=project.created_at,
        subject=psa_project_key(project.id),
        part_of=contract_key(contract.id),
        region=project.region,
        legal_entity=project.legal_entity,
        attributes={"name": project.name},
    )


def _create_in_erp(work: Work, handle: str, contract: crm.Contract) -> None:
    if work.crosswalk.find(erp.SYSTEM, "project", handle):
        return
    psa_id = work.crosswalk.get(psa.SYSTEM, "project", handle)
    ask = erp.OpenProject(psa_id, contract.terms.legal_entity, contract.terms.currency)
    with work.run.step("open project in erp", psa_project_key(psa_id)):
        project = work.call(erp.OPEN_PROJECT, ask)
    work.crosswalk.note(erp.SYSTEM, "project", handle, project.id)
    work.run.emit(
        "project.created",
        system=erp.SYSTEM,
        occurred_at=project.created_at,
        subject=erp_project_key(project.id),
        same_as=psa_project_key(psa_id),
        part_of=contract_key(contract.id),
        legal_entity=project.legal_entity,
    )


def psa_project_key(id: str) -> ObjectKey:
    return ObjectKey(psa.SYSTEM, "project", id)


def erp_project_key(id: str) -> ObjectKey:
    return ObjectKey(erp.SYSTEM, "project", id)
